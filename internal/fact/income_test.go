package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// pay is one entry of a made-up checking account, as income sees it.
type pay struct {
	day      string // a list of days gives an entry each
	amount   money.Amount
	code     taxonomy.Code
	name     string
	document string
	kind     string // OFB type
	role     ledger.Role
	reversed money.Amount
}

const (
	employer  = "33000167000101"
	ownFirm   = "11222333000181"
	inss      = "29979036000140"
	brother   = "11144477735"
	stranger  = "39053344705"
	thirdRoot = "60701190000104"
)

// earner returns the facts of a person with one checking account as of 2025-06-30.
func earner(t rapid.TB, list ...pay) *fact.Facts {
	t.Helper()
	l := &ledger.Ledger{
		Day: calendar.Of(2025, 6, 30), Person: ledger.Person{CPF: "52998224725", CivilName: "Ana Souza Lima"},
		Document: &openfinance.Document{
			PersonalIdentifications: []openfinance.PersonalIdentification{{CompaniesCNPJ: []string{ownFirm}}},
			PersonalRelations:       []openfinance.FinancialRelation{{PaychecksBankLinks: []openfinance.SalaryLink{{EmployerCnpjCpf: "33000167999999"}}}},
		},
	}
	for _, p := range list {
		for s := range strings.FieldsSeq(p.day) {
			day, ok := calendar.ParseDay(s)
			if !ok {
				t.Fatalf("%q is no day", s)
			}
			normal := text.Normalise(p.name)
			x := ledger.Movement{
				Entry: &openfinance.Transaction{Name: p.name, Type: p.kind, PartieCnpjCpf: p.document},
				ID:    fmt.Sprint(len(l.Movements)), Day: day, Direction: ledger.Credit, Amount: p.amount.Abs() * money.Scale,
				Role: p.role, Reversed: p.reversed * money.Scale, Text: normal, Name: text.Name(normal), Decision: ledger.Decision{Code: p.code},
			}
			if p.amount < 0 {
				x.Direction = ledger.Debit
			}
			l.Movements = append(l.Movements, x)
		}
	}
	l.Institutions = []ledger.Institution{{Root: "00000000", Accounts: []int32{0}}}
	l.Accounts = []ledger.Account{{Source: &openfinance.Account{}, End: int32(len(l.Movements))}}
	return fact.New(l)
}

// monthsOf returns one day of each month from January to June 2025.
func monthsOf(date int) string {
	var days []string
	for month := 1; month <= 6; month++ {
		days = append(days, fmt.Sprintf("2025-%02d-%02d", month, date))
	}
	return strings.Join(days, " ")
}

// opening makes the whole of 2025 covered.
var opening = pay{day: "2024-12-20", amount: 1, code: 60101, name: "ABERTURA"}

// Kinds and classes by category, as one entry of a payer without a document tells.
func TestIncomeKinds(t *testing.T) {
	for _, c := range []struct {
		code taxonomy.Code
		want string
	}{
		{10101, "REGULAR_SALARY ESTIMATED"},
		{10103, "REGULAR_SALARY ESTIMATED"},
		{10102, "BONUS ESTIMATED"},
		{10104, "BONUS ESTIMATED"},
		{10301, "RETIREMENT_PENSION ESTIMATED"},
		{10302, "RETIREMENT_PENSION ESTIMATED"},
		{10303, "GOVERNMENT_SUPPORT ESTIMATED"},
		{10304, "GOVERNMENT_SUPPORT NOT_INCOME"},
		{10305, "GOVERNMENT_SUPPORT NOT_INCOME"},
		{10306, "SPONSORSHIP_PENSION ESTIMATED"},
		{10201, "BUSINESS_INCOME ESTIMATED"},
		{10204, "BUSINESS_INCOME ESTIMATED"},
		{10107, "BUSINESS_INCOME ESTIMATED"},
		{10105, "OTHER_REMUNERATION ESTIMATED"},
		{10106, "OTHER_REMUNERATION ESTIMATED"},
		{10108, "OTHER_REMUNERATION NOT_INCOME"},
		{10109, "OTHER_REMUNERATION ESTIMATED"},
		{10401, "INVESTMENT_DIVIDEND FINANCIAL"},
		{10404, "INVESTMENT_DIVIDEND FINANCIAL"},
		{10501, "INVESTMENT_REDEMPTION NOT_INCOME"},
		{10506, "INVESTMENT_REDEMPTION NOT_INCOME"},
		{10505, ""}, // A sweep.
		{10601, ""},
		{10701, ""}, // One-off ones stay out.
		{10801, ""},
		{20101, ""},
		{50208, ""},
		{60101, ""},
	} {
		for _, v2 := range []bool{false, true} {
			in := earner(t, opening, pay{day: "2025-06-10", amount: 100, code: c.code, name: "ACME"}).Income(v2)
			if got := kindsOf(in); got != c.want {
				t.Errorf("%s: %q, want %q", c.code, got, c.want)
			}
		}
	}
}

// kindsOf returns kinds and classes of the entries, each once.
func kindsOf(in *fact.Income) string {
	var list []string
	for i := range in.Entries {
		if s := in.Entries[i].Kind.String() + " " + in.Entries[i].Class.String(); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return strings.Join(list, ", ")
}

// What is verified, and what not.
func TestIncomeClasses(t *testing.T) {
	for _, c := range []struct {
		name string
		list []pay
		want string
	}{
		{"payroll", []pay{{day: "2025-06-05", code: 10101, name: "CREDITO", kind: "FOLHA_PAGAMENTO"}}, "REGULAR_SALARY VERIFIED"},
		{"portability", []pay{{day: "2025-06-05", code: 10101, name: "ACME", kind: "PORTABILIDADE_SALARIO"}}, "REGULAR_SALARY VERIFIED"},
		{"a text alone", []pay{{day: monthsOf(5), code: 10101, name: "SALARIO ACME"}}, "REGULAR_SALARY ESTIMATED"},
		{"an employer of the registration data, another branch", []pay{{day: "2025-06-05", code: 10101, document: employer, name: "PIX"}}, "REGULAR_SALARY VERIFIED"},
		{"a public payer", []pay{{day: "2025-06-05", code: 10301, document: inss, name: "INSS"}}, "RETIREMENT_PENSION VERIFIED"},
		{"a public payer's aid", []pay{{day: "2025-06-05", code: 10303, document: "00360305000104", name: "CAIXA"}}, "GOVERNMENT_SUPPORT VERIFIED"},
		{"FGTS of a public payer", []pay{{day: "2025-06-05", code: 10305, document: "00360305000104", name: "CAIXA"}}, "GOVERNMENT_SUPPORT NOT_INCOME"},
		{"alimony is never verified", []pay{{day: monthsOf(5), code: 10306, document: thirdRoot, name: "ACME"}}, "SPONSORSHIP_PENSION ESTIMATED"},
		{"a salary by PIX in 3 of the newest 6 full months", []pay{{day: "2025-03-05 2025-04-05 2025-05-05", code: 10101, document: thirdRoot, name: "PIX ACME", kind: "PIX"}}, "REGULAR_SALARY VERIFIED"},
		{"in 2 full months and the one of the day", []pay{{day: "2025-04-05 2025-05-05 2025-06-05", code: 10101, document: thirdRoot, name: "PIX ACME", kind: "PIX"}}, "REGULAR_SALARY ESTIMATED"},
		{"in 3 months of which one is older", []pay{{day: "2024-11-04 2024-12-05 2025-04-05 2025-05-05", code: 10101, document: thirdRoot, name: "PIX ACME"}}, "REGULAR_SALARY VERIFIED"},
		{"in 2 of the newest 6", []pay{{day: "2024-10-04 2024-11-05 2025-04-05 2025-05-05", code: 10101, document: thirdRoot, name: "PIX ACME"}}, "REGULAR_SALARY ESTIMATED"},
		{"from a person", []pay{{day: monthsOf(5), code: 10101, document: stranger, name: "PIX DONA MARIA"}}, "REGULAR_SALARY ESTIMATED"},
		{"the own company, whatever the type", []pay{{day: monthsOf(5), code: 10101, document: ownFirm, name: "ACME", kind: "FOLHA_PAGAMENTO"}}, "REGULAR_SALARY ESTIMATED"},
		{"a bonus of a verified payer", []pay{
			{day: "2025-05-20", code: 10102, document: employer, name: "DECIMO TERCEIRO"}, {day: "2025-06-05", code: 10101, document: employer, name: "SALARIO"},
		}, "REGULAR_SALARY VERIFIED, BONUS VERIFIED"},
		{"a bonus of another payer", []pay{
			{day: "2025-05-20", code: 10102, document: thirdRoot, name: "DECIMO TERCEIRO"}, {day: "2025-06-05", code: 10101, document: employer, name: "SALARIO"},
		}, "REGULAR_SALARY VERIFIED, BONUS ESTIMATED"},
		{"a bonus by payroll of a payer without salary", []pay{{day: "2025-05-20", code: 10102, document: thirdRoot, name: "PLR", kind: "FOLHA_PAGAMENTO"}}, "BONUS ESTIMATED"},
		{"an own transfer", []pay{{day: "2025-06-05", code: 10101, name: "SALARIO", role: ledger.RoleOwnTransfer}}, ""},
		{"a refund", []pay{{day: "2025-06-05", code: 10101, name: "SALARIO", role: ledger.RoleReversal}}, ""},
		{"one that came back", []pay{{day: "2025-06-05", code: 10101, name: "SALARIO", role: ledger.RoleReversed, reversed: 100}}, ""},
		{"one that came back in part", []pay{{day: "2025-06-05", code: 10101, name: "SALARIO", role: ledger.RoleReversed, reversed: 40}}, "REGULAR_SALARY ESTIMATED"},
		{"a sweep", []pay{{day: "2025-06-05", code: 10502, name: "RESGATE", role: ledger.RoleSweep}}, ""},
		{"redeemed savings stay a redemption", []pay{{day: "2025-06-05", code: 10501, name: "RESGATE", role: ledger.RoleOwnTransfer}}, "INVESTMENT_REDEMPTION NOT_INCOME"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := []pay{{day: "2024-08-01", amount: 1, code: 60101, name: "ABERTURA"}}
			for _, p := range c.list {
				p.amount = 100
				list = append(list, p)
			}
			if got := kindsOf(earner(t, list...).Income(true)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Rent and other income is of a kind only when it comes again: in at least 3 months
// of 180 days, or 2 where fewer than 90 days are covered; then all of it is.
func TestOtherRecurrentIncome(t *testing.T) {
	for _, c := range []struct {
		name string
		list []pay
		v1   string // days of the entries of the kind, newest first
		v2   string
	}{
		{"in three months", []pay{opening, {day: "2025-02-10 2025-04-10 2025-06-10", amount: 800, code: 10701, name: "ALUGUEL BRUNO"}}, "06-10 04-10 02-10", "06-10 04-10 02-10"},
		{"older entries belong to it too", []pay{{day: "2024-07-01 2025-04-10 2025-05-10 2025-06-10", amount: 800, code: 10801, name: "BRUNO"}}, "06-10 05-10 04-10 07-01", "06-10 05-10 04-10 07-01"},
		{"two months of many covered days", []pay{opening, {day: "2025-05-10 2025-06-10", amount: 800, code: 10701, name: "BRUNO"}}, "", ""},
		{"two months of few covered days", []pay{{day: "2025-05-10 2025-06-10", amount: 800, code: 10701, name: "BRUNO"}}, "06-10 05-10", "06-10 05-10"},
		{"three months, one 180 days old", []pay{opening, {day: "2025-01-01 2025-05-10 2025-06-10", amount: 800, code: 10701, name: "BRUNO"}}, "", ""},
		{"different payers", []pay{opening, {day: "2025-04-10 2025-05-10", amount: 800, code: 10701, name: "BRUNO"}, {day: "2025-06-10", amount: 800, code: 10701, name: "CARLA"}}, "", ""},
		{"nobody in particular", []pay{opening, {day: monthsOf(10), amount: 800, code: 10801, name: "DEPOSITO"}}, "", ""},
		{"transfers are income in V2 alone", []pay{opening, {day: "2025-04-10 2025-05-10 2025-06-10", amount: 800, code: 20101, name: "PIX RECEBIDO BRUNO"}}, "", "06-10 05-10 04-10"},
		{"transfers do not make other income recurrent", []pay{
			opening, {day: "2025-04-10 2025-05-10", amount: 800, code: 20101, document: stranger, name: "PIX BRUNO"},
			{day: "2025-06-10", amount: 800, code: 10801, document: stranger, name: "PIX BRUNO"},
		}, "", ""},
		{"own transfers are none", []pay{opening, {day: monthsOf(10), amount: 800, code: 20101, name: "PIX RECEBIDO BRUNO", role: ledger.RoleOwnTransfer}}, "", ""},
		{"cash deposits are none", []pay{opening, {day: monthsOf(10), amount: 800, code: 20801, name: "DEPOSITO BRUNO"}}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, v2 := range []bool{false, true} {
				want := c.v1
				if v2 {
					want = c.v2
				}
				f := earner(t, c.list...)
				in := f.Income(v2)
				var days []string
				for i := range in.Entries {
					if e := &in.Entries[i]; e.Kind == fact.OtherRecurrentIncome && e.Recurrent {
						days = append(days, f.Ledger.Movements[e.Flow.Movement].Day.String()[5:])
					}
				}
				if got := strings.Join(days, " "); got != want {
					t.Errorf("V2 is %v: %q, want %q", v2, got, want)
				}
			}
		})
	}
}

// Of transfers from other people max(0, credits − debits) counts, window by window
// and month by month, with the credits and the negative debits behind it.
func TestTransfersLessWhatWentBack(t *testing.T) {
	f := earner(t,
		opening,
		pay{day: "2025-03-10 2025-04-10 2025-05-10 2025-06-10", amount: 500, code: 20102, document: stranger, name: "PIX RECEBIDO BRUNO ALVES"},
		pay{day: "2025-06-12", amount: -200, code: 20102, document: stranger, name: "PIX ENVIADO BRUNO ALVES"},
		pay{day: "2025-05-20", amount: -700, code: 20502, document: stranger, name: "TED BRUNO ALVES"},
		pay{day: "2025-04-20", amount: -100, code: 30101, document: stranger, name: "BOLETO"},
		pay{day: "2025-04-21", amount: -50, code: 20102, name: "PIX ENVIADO BRUNO ALVES"},
		pay{day: "2025-06-15", amount: 1000, code: 10101, name: "SALARIO"},
	)
	in := f.Income(true)
	p := in.OfKind(fact.OtherRecurrentIncome)
	for n, want := range map[int]string{30: "300: 4=500 5=-200", 60: "100: 3=500 4=500 5=-200 6=-700", 90: "600: 2=500 3=500 4=500 5=-200 6=-700"} {
		if got := figure(p.Last(n)); got != want {
			t.Errorf("last %d days: %s, want %s", n, got, want)
		}
	}
	may := calendar.Of(2025, 5, 1).MonthIndex()
	for month, want := range map[int]string{may + 1: "300: 4=500 5=-200", may: "0:", may - 1: "500: 2=500", may - 2: "500: 1=500", may - 3: "0:"} {
		if got := figure(p.Month(month)); got != want {
			t.Errorf("month %d: %s, want %s", month-may+5, got, want)
		}
	}
	if got, want := figure(p.Average(6)), "200: 1=500 2=500"; got != want {
		t.Errorf("average %s, want %s", got, want)
	}
	if got, want := figure(in.Total(30)), "1300: 4=500 5=-200 9=1000"; got != want {
		t.Errorf("total %s, want %s", got, want)
	}
	if got, want := figure(f.Income(false).Total(30)), "1000: 9=1000"; got != want {
		t.Errorf("total of V1 %s, want %s", got, want)
	}
}

// figure shows a figure and the items behind it, by id.
func figure(f fact.Figure) string {
	if !f.Known {
		return "unknown"
	}
	var items []string
	if f.Behind != nil {
		for item := range f.Behind {
			items = append(items, fmt.Sprintf("%d=%s", item.Index, short(item.Amount)))
		}
	}
	slices.Sort(items)
	return strings.TrimSpace(short(f.Amount) + ": " + strings.Join(items, " "))
}

func short(a money.Amount) string { return strings.TrimSuffix(a.String(), ".00") }

// Money that natural persons of the family send every month stands apart.
func TestFamilySupport(t *testing.T) {
	for _, c := range []struct {
		name   string
		pay    pay
		family bool
	}{
		{"a CPF with the surname", pay{code: 20101, document: brother, name: "PIX RECEBIDO PEDRO LIMA"}, true},
		{"by category", pay{code: 20102, name: "PIX RECEBIDO PEDRO LIMA"}, true},
		{"another surname", pay{code: 20102, document: brother, name: "PIX RECEBIDO PEDRO SOUZA"}, false},
		{"the surname inside a word", pay{code: 20102, document: brother, name: "PIX RECEBIDO PEDRO LIMAO"}, false},
		{"a company with the surname", pay{code: 20103, document: thirdRoot, name: "PIX RECEBIDO PADARIA LIMA"}, false},
		{"the same without a document", pay{code: 20101, name: "PIX RECEBIDO PADARIA LIMA"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.pay
			p.day, p.amount = monthsOf(10), 300
			f := earner(t, opening, p, pay{day: "2025-06-11", amount: -100, code: 20102, document: p.document, name: p.name})
			in := f.Income(true)
			want := "1700"
			own, family := want, "0"
			if c.family {
				own, family = family, own
			}
			all := func(*fact.IncomeEntry) bool { return true }
			got := []string{short(in.Part(all).Last(180).Amount), short(in.Family.Part(all).Last(180).Amount), short(f.MonthlyIncome().Amount)}
			average := "0"
			if !c.family {
				average = "300"
			}
			if diff := cmp.Diff([]string{own, family, average}, got); diff != "" {
				t.Error("income, family support, monthly income:\n", diff)
			}
		})
	}
}
