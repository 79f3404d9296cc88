package classify

import (
	"slices"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// credited is a transfer received.
type credited struct {
	day    string
	reais  int64
	text   string
	partie string
}

// receipts is a person's account with these transfers.
func receipts(list ...credited) *ledger.Ledger {
	l := &ledger.Ledger{
		Document:     &openfinance.Document{},
		Person:       ledger.Person{CPF: ownCPF},
		Institutions: []ledger.Institution{{}},
		Accounts:     []ledger.Account{{End: int32(len(list))}},
	}
	for _, c := range list {
		day, ok := calendar.ParseDay(c.day)
		if !ok {
			panic(c.day)
		}
		t := text.Normalise(c.text)
		l.Movements = append(l.Movements, ledger.Movement{
			Day: day, Amount: money.Amount(c.reais * money.Scale), Direction: ledger.Credit, Text: t, Name: text.Name(t),
			Entry: &openfinance.Transaction{Type: "PIX", PartieCnpjCpf: c.partie},
		})
	}
	return l
}

func codes(l *ledger.Ledger) []string {
	shared().Classify(l, Options{})
	var list []string
	for i := range l.Movements {
		list = append(list, l.Movements[i].Decision.Code.String())
	}
	return list
}

const someCNPJ = "11222333000181"

func TestWagesByTransfer(t *testing.T) {
	monthly := func(text, partie string, days ...string) []credited {
		var list []credited
		for i, d := range days {
			list = append(list, credited{d, 3000 + int64(i)*40, text, partie})
		}
		return list
	}
	tests := []struct {
		name string
		list []credited
		want string // of each
	}{
		{"fifth business day", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-07", "2024-06-07", "2024-07-05"), "010101"},
		{"last business day", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-31", "2024-06-28", "2024-07-31"), "010101"},
		{"by the name alone", monthly("TED RECEBIDA XYZWK INDUSTRIA LTDA", "", "2024-05-24", "2024-06-25", "2024-07-25"), "010101"},
		{"another branch of the company", append(monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-07", "2024-06-07"),
			credited{"2024-07-05", 3000, "PIX RECEBIDO XYZWK", "11222333000262"}), "010101"},
		{"two months", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-07", "2024-06-07"), "020103"},
		{"a month is missing", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-04-05", "2024-05-07", "2024-07-05"), "020103"},
		{"no pay day", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-10", "2024-06-11", "2024-07-09"), "020103"},
		{"a person", monthly("PIX RECEBIDO ANA", otherCPF, "2024-05-07", "2024-06-07", "2024-07-05"), "020102"},
		{"an insurer", monthly("PIX RECEBIDO XYZWK SEGURADORA", someCNPJ, "2024-05-07", "2024-06-07", "2024-07-05"), "020103"},
		{"an acquirer", monthly("PIX RECEBIDO XYZWK", "01027058000191", "2024-05-07", "2024-06-07", "2024-07-05"), "010202"},
		{"betting", monthly("PIX RECEBIDO XYZWK", "56442917000109", "2024-05-07", "2024-06-07", "2024-07-05"), "041201"},
		{"the text says rent", monthly("PIX RECEBIDO XYZWK ALUGUEL", someCNPJ, "2024-05-07", "2024-06-07", "2024-07-05"), "010701"},
		{"a day late", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-07", "2024-06-07", "2024-07-08"), "010101"},
		{"always a day late", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-09", "2024-06-10", "2024-07-08"), "010101"},
		{"over the end of the month", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2025-03-31", "2025-04-30", "2025-06-02", "2025-06-30"), "010101"},
		{"the last business day but one", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-29", "2024-06-27", "2024-07-30"), "010101"},
		{"on a Saturday", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-04-30", "2024-06-01", "2024-06-28", "2024-07-31", "2024-08-31"), "010101"},
		{"within the time of wages, but of no pay day", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-04-30", "2024-06-10", "2024-06-28"), "020103"},
		{"one month left out by a proven payer", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-03-07", "2024-05-08", "2024-06-07", "2024-07-05"), "010101"},
		{"an advance of no wage", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-15", "2024-06-14", "2024-07-15", "2024-08-15"), "020103"},
		{"every week", monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-07", "2024-05-14", "2024-05-21", "2024-05-28", "2024-06-04",
			"2024-06-11", "2024-06-18", "2024-06-25", "2024-07-02", "2024-07-09", "2024-07-16", "2024-07-23", "2024-07-30"), "020103"},
		{"a bank behind the document", monthly("PIX - XYZWK LTDA - 11.222.333/0001-81 - BANCO X S.A. AGENCIA: 1", someCNPJ,
			"2024-05-07", "2024-06-07", "2024-07-05"), "010101"},
		{"the document shown once", append(monthly("PIX RECEBIDO XYZWK", someCNPJ, "2024-05-07"),
			monthly("PIX RECEBIDO XYZWK", "", "2024-06-07", "2024-07-05")...), "010101"},
		{"amounts of all sizes", []credited{
			{"2024-05-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ}, {"2024-06-07", 150, "PIX RECEBIDO XYZWK", someCNPJ},
			{"2024-07-05", 900, "PIX RECEBIDO XYZWK", someCNPJ},
		}, "020103"},
	}
	for _, tt := range tests {
		for i, code := range codes(receipts(tt.list...)) {
			if code != tt.want {
				t.Errorf("%s: entry %d is %s, want %s", tt.name, i, code, tt.want)
			}
		}
	}
}

// What a payer sent long before it began to pay by the month is no wage.
func TestWagesBeginAnew(t *testing.T) {
	var list []credited
	for _, d := range []string{"2024-02-07", "2024-05-08", "2024-06-07", "2024-07-05"} {
		list = append(list, credited{d, 3000, "PIX RECEBIDO XYZWK", someCNPJ})
	}
	for i, code := range codes(receipts(list...)) {
		if want := map[bool]string{true: "010101", false: "020103"}[i > 0]; code != want {
			t.Errorf("entry %d is %s, want %s", i, code, want)
		}
	}
}

// A wage keeps its pay day also where the same company pays something else on it.
func TestWageBesideAnAllowance(t *testing.T) {
	var list []credited
	for _, d := range []string{"2024-05-07", "2024-06-07", "2024-07-05"} {
		list = append(list, credited{d, 3000, "PIX RECEBIDO XYZWK", someCNPJ}, credited{d, 500, "PIX RECEBIDO XYZWK", someCNPJ})
	}
	list = append(list, credited{"2024-06-12", 140, "PIX RECEBIDO XYZWK", someCNPJ})
	got := codes(receipts(list...))
	for i, code := range got[:6] {
		if code != "010101" {
			t.Errorf("entry %d is %s", i, code)
		}
	}
	if got[6] != "020103" {
		t.Errorf("what came once is %s", got[6])
	}
}

// Several companies may send texts that name nobody: such a text shows no payer.
func TestTextsThatNameNobodyShowNoPayer(t *testing.T) {
	list := []credited{{"2024-05-07", 3000, "CRED PIX CHAVE", someCNPJ}}
	for _, d := range []string{"2024-06-07", "2024-07-05", "2024-08-07"} {
		list = append(list, credited{d, 3000, "CRED PIX CHAVE", ""})
	}
	for i, code := range codes(receipts(list...)) {
		if code == "010101" {
			t.Errorf("entry %d is a wage", i)
		}
	}
}

// A name that two companies bear shows neither.
func TestANameOfTwoCompaniesShowsNoPayer(t *testing.T) {
	list := []credited{{"2024-05-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ}, {"2024-05-13", 70, "PIX RECEBIDO XYZWK", "45543915000181"}}
	for _, d := range []string{"2024-06-07", "2024-07-05", "2024-08-07"} {
		list = append(list, credited{d, 3000, "PIX RECEBIDO XYZWK", ""})
	}
	for i, code := range codes(receipts(list...)) {
		if code == "010101" {
			t.Errorf("entry %d is a wage", i)
		}
	}
}

// Three companies that pay by the job make a freelancer, to whom a client may pay
// the same every month: a wage must then last longer and come within the law.
func TestWagesOfFreelancers(t *testing.T) {
	var jobs []credited
	for i, cnpj := range []string{"45543915000181", "60746948000112", "33000167000101"} {
		for j, d := range []string{"2024-03-12", "2024-05-22", "2024-06-13"} {
			jobs = append(jobs, credited{d, int64(700 + 800*i + 300*j), "PIX RECEBIDO XYZWK " + cnpj[:2], cnpj})
		}
	}
	onTime := []string{"2024-02-07", "2024-03-07", "2024-04-05", "2024-05-08", "2024-06-07", "2024-07-05"}
	late := []string{"2024-02-08", "2024-03-08", "2024-04-08", "2024-05-09", "2024-06-10", "2024-07-08"}
	for _, tt := range []struct {
		name string
		jobs []credited
		days []string
		want string
	}{
		{"half a year on time", jobs, onTime, "010101"},
		{"half a year late", jobs, late, "020103"},
		{"late, with two clients", jobs[:6], late, "010101"},
		{"three months on time", jobs, onTime[:3], "020103"},
	} {
		var list []credited
		for _, d := range tt.days {
			list = append(list, credited{d, 3000, "PIX RECEBIDO WKXYZ", someCNPJ})
		}
		for i, code := range codes(receipts(append(list, tt.jobs...)...)) {
			if want := map[bool]string{true: tt.want, false: "020103"}[i < len(tt.days)]; code != want {
				t.Errorf("%s: entry %d is %s, want %s", tt.name, i, code, want)
			}
		}
	}
}

// What a payer of wages pays about as much in the months around them are wages too: a
// weekend moved the day out of the usual ones, or a bank left out the document.
func TestWagesAroundKnownOnes(t *testing.T) {
	known := []credited{
		{"2024-05-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ}, {"2024-06-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ},
		{"2024-07-05", 3000, "PIX RECEBIDO XYZWK", someCNPJ},
	}
	for _, tt := range []struct {
		name string
		more []credited
		want string
	}{
		{"another day of the month before", []credited{{"2024-04-09", 2900, "PIX RECEBIDO XYZWK", someCNPJ}}, "010101"},
		{"and of the month before that", []credited{{"2024-04-09", 2900, "PIX RECEBIDO XYZWK", someCNPJ}, {"2024-03-11", 2700, "PIX RECEBIDO XYZWK", someCNPJ}}, "010101"},
		{"another day of the month after", []credited{{"2024-08-08", 3100, "PIX RECEBIDO XYZWK", someCNPJ}}, "010101"},
		{"without document", []credited{{"2024-08-07", 3100, "PIX RECEBIDO XYZWK", ""}}, "010101"},
		{"much less", []credited{{"2024-08-08", 400, "PIX RECEBIDO XYZWK", someCNPJ}}, "020103"},
		{"much less, on no pay day", []credited{{"2024-08-12", 400, "PIX RECEBIDO XYZWK", someCNPJ}}, "020103"},
		{"two months later", []credited{{"2024-09-10", 3000, "PIX RECEBIDO XYZWK", someCNPJ}}, "020103"},
		{"a second one of the month", []credited{{"2024-07-12", 3000, "PIX RECEBIDO XYZWK", someCNPJ}}, "020103"},
		{"another company", []credited{{"2024-08-08", 3000, "PIX RECEBIDO XYZWK", "45543915000181"}}, "020103"},
		{"without document, where two companies have the name", []credited{
			{"2024-08-12", 20, "PIX RECEBIDO XYZWK", "33014556000196"}, {"2024-08-12", 3000, "PIX RECEBIDO XYZWK", ""},
		}, "not 010101"},
	} {
		for i, code := range codes(receipts(append(slices.Clone(known), tt.more...)...)) {
			switch {
			case i < len(known) && code != "010101":
				t.Errorf("%s: the known one %d is %s", tt.name, i, code)
			case i >= len(known) && tt.want == "not 010101" && code == "010101", i >= len(known) && tt.want[0] == '0' && code != tt.want:
				t.Errorf("%s: %d is %s, want %s", tt.name, i, code, tt.want)
			}
		}
	}
}

// Companies that all keep a pay day make no freelancer, also when they pay late.
func TestWagesOfSeveralEmployers(t *testing.T) {
	var list []credited
	for i, cnpj := range []string{someCNPJ, "45543915000181", "33000167000101", "60409075000152"} {
		for _, d := range []string{"2024-04-08", "2024-05-09", "2024-06-10"} {
			list = append(list, credited{d, 1000 + 900*int64(i), "PIX RECEBIDO XYZWK " + cnpj[:2], cnpj})
		}
		list = append(list, credited{"2024-06-18", 60, "PIX RECEBIDO XYZWK " + cnpj[:2], cnpj})
	}
	for i, code := range codes(receipts(list...)) {
		if want := map[bool]string{true: "010101", false: "020103"}[list[i].reais > 60]; code != want {
			t.Errorf("entry %d is %s, want %s", i, code, want)
		}
	}
}

// An advance on the 20th and the rest on the fifth business day are both wages.
func TestWagesInTwoParts(t *testing.T) {
	var list []credited
	for _, d := range []string{"2024-05-20", "2024-06-20", "2024-07-19"} { // 20 July is a Saturday
		list = append(list, credited{d, 1200, "PIX RECEBIDO XYZWK", someCNPJ})
	}
	for _, d := range []string{"2024-05-07", "2024-06-07", "2024-07-05"} {
		list = append(list, credited{d, 1800, "PIX RECEBIDO XYZWK", someCNPJ})
	}
	for i, code := range codes(receipts(list...)) {
		if code != "010101" {
			t.Errorf("entry %d is %s", i, code)
		}
	}
}

func TestEmployerOfTheQualification(t *testing.T) {
	l := receipts(credited{"2024-05-13", 2000, "PIX RECEBIDO XYZWK", "11222333000262"}, credited{"2024-05-13", 50, "PIX RECEBIDO XYZWK", "45543915000181"})
	l.Document.PersonalQualifications = []openfinance.PersonalQualification{{EmployerCnpjCpf: someCNPJ}}
	if got := codes(l); got[0] != "010101" || got[1] == "010101" {
		t.Errorf("got %v", got)
	}
	if d := l.Movements[0].Decision; d.Rule != "structure/employer" || d.RunnerUp.String() != "020103" {
		t.Errorf("got %+v", d)
	}
	l.Document.PersonalIdentifications = []openfinance.PersonalIdentification{{CompaniesCNPJ: []string{someCNPJ}}}
	if got := codes(l); got[0] == "010101" {
		t.Error("the person's own company pays no wage")
	}
	l = receipts(credited{"2024-05-13", 2000, "PIX RECEBIDO XYZWK", someCNPJ})
	l.Document.PersonalRelations = []openfinance.FinancialRelation{{PaychecksBankLinks: []openfinance.SalaryLink{{EmployerCnpjCpf: someCNPJ}}}}
	if got := codes(l); got[0] != "010101" {
		t.Errorf("of the financial relation: %v", got)
	}
}

// What the own company of a document about both pays is no wage, also where the bank
// left out its document.
func TestTheOwnCompanyPaysNoWages(t *testing.T) {
	var list []credited
	for _, d := range []string{"2024-03-07", "2024-04-05", "2024-05-07", "2024-06-07"} {
		list = append(list, credited{d, 3000, "PIX RECEBIDO XYZWK COMERCIO LTDA", someCNPJ})
	}
	list[0].partie, list[1].partie, list[2].partie = "", "", ""
	l := receipts(list...)
	l.Person.CNPJ = someCNPJ
	for i, code := range codes(l) {
		if code == "010101" {
			t.Errorf("entry %d is a wage", i)
		}
	}
	l.Person.CNPJ = "11222333000262" // another branch
	if got := codes(l); slices.Contains(got, "010101") {
		t.Errorf("of another branch: %v", got)
	}
	l.Person.CNPJ = ""
	if got := codes(l); got[0] != "010101" || got[3] != "010101" {
		t.Errorf("of another company: %v", got)
	}
}

// What a company receives is revenue, however regular it is.
func TestCompaniesEarnNoWages(t *testing.T) {
	l := receipts(credited{"2024-05-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ}, credited{"2024-06-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ},
		credited{"2024-07-05", 3000, "PIX RECEBIDO XYZWK", someCNPJ})
	l.Accounts[0].Company = true
	l.Person = ledger.Person{CNPJ: ownCNPJ}
	for _, code := range codes(l) {
		if code != "070101" {
			t.Errorf("got %s", code)
		}
	}
}

// A transfer that is only announced proves no rhythm and is none of it.
func TestAnnouncedTransfersAreNoWages(t *testing.T) {
	l := receipts(
		credited{"2024-05-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ},
		credited{"2024-06-07", 3000, "PIX RECEBIDO XYZWK", someCNPJ},
		credited{"2024-07-05", 3000, "PIX RECEBIDO XYZWK", someCNPJ},
	)
	l.Movements[2].Phase = ledger.Future
	for i, code := range codes(l) {
		if code != "020103" {
			t.Errorf("transfer %d is %s", i, code)
		}
	}
}
