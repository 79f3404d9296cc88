package risksignals_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/risksignals"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/taxonomy"
)

var today = calendar.Of(2025, 3, 31)

// The figures that follow from categories are computed a second time, slowly and in
// the plainest way, for people that no life is like.
func TestPlainFormulasAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := producttest.FactsOf(t, randomPerson(r), today)
		for i := range f.Ledger.Movements {
			f.Ledger.Movements[i].Decision.Code = rapid.SampledFrom(codes).Draw(r, "category")
		}
		for _, kind := range []spec.Kind{spec.PF, spec.PJ} {
			for _, v := range []spec.Version{spec.V1, spec.V2} {
				in := spec.Input{Facts: f, Kind: kind, Version: v, Settings: &setting.Settings{}, Institution: -1}
				var w encode.Writer
				risksignals.Product().Write(&w, &in)
				got := flat(t, w.Bytes())
				want := plain(f.Ledger, kind == spec.PJ)
				for _, key := range slices.Sorted(maps.Keys(want)) {
					if value, known := got[key]; known && value != want[key] || !known && strings.HasPrefix(key, "/") && !inV2(key) {
						r.Errorf("%s %s: %s is %q, the plain formula gives %s", kind.Prefix(), v, key, value, want[key])
					}
				}
				for _, fault := range producttest.CheckEvidence(risksignals.Product(), in) {
					r.Error(fault)
				}
			}
		}
	})
}

func inV2(key string) bool { return strings.HasPrefix(key, "/cashAdvance") || key == "/severance" }

var codes = []taxonomy.Code{
	41201, 41201, 41201, 41202, 50402, 50403, 50404, 50401, 20902, 50207, 50208, 50209, 60401, 10108, 20801, 20701, 20702, 30301, 10101, 70101, 20101,
}

// randomPerson has checking accounts, savings and a card, and now and then a
// company's account, or less than that.
func randomPerson(r *rapid.T) []byte {
	amount := func() map[string]any {
		return map[string]any{"amount": fmt.Sprintf("%d.%02d", rapid.IntRange(0, 300).Draw(r, "reais"), rapid.IntRange(0, 99).Draw(r, "cents")), "currency": "BRL"}
	}
	day := func() string { return (today - calendar.Day(rapid.IntRange(0, 260).Draw(r, "age"))).String() }
	n := 0
	row := func(more map[string]any) map[string]any {
		n++
		more["transactionId"], more["transactionDate"] = fmt.Sprint("t", n), day()
		more["creditDebitType"] = rapid.SampledFrom([]string{"CREDITO", "DEBITO"}).Draw(r, "direction")
		more["transactionName"] = rapid.SampledFrom([]string{"PIX LOJA AZUL", "PIX BETANO", "TED RUA CLARA", "PIX"}).Draw(r, "name")
		return more
	}
	rows := func(most int, make func() map[string]any) []any {
		list := []any{}
		for range rapid.IntRange(0, most).Draw(r, "rows") {
			list = append(list, row(make()))
		}
		return list
	}
	entry := func() map[string]any {
		return map[string]any{"transactionAmount": amount(), "type": "PIX", "partieCnpjCpf": rapid.SampledFrom([]string{"", "19131243000197", "11144477735"}).Draw(r, "party")}
	}
	line := func() map[string]any {
		return map[string]any{
			"brazilianAmount": amount(), "payeeMCC": rapid.SampledFrom([]int{5411, 6010, 6011}).Draw(r, "MCC"),
			"transactionType":  rapid.SampledFrom([]string{"PAGAMENTO", "TARIFA"}).Draw(r, "type"),
			"feeType":          rapid.SampledFrom([]string{"", "ANUIDADE", "SAQUE_CARTAO_BRASIL"}).Draw(r, "fee"),
			"otherCreditsType": rapid.SampledFrom([]string{"", "", "", "CREDITO_ROTATIVO"}).Draw(r, "credit"),
		}
	}
	doc := map[string]any{
		"personalCustomerIdentification": []any{map[string]any{"personalId": "p", "brandName": "Banco", "companyCnpj": "00000000000191", "civilName": "ANA", "documents": map[string]any{"cpfNumber": "52998224725"}}},
		"businessCustomerIdentification": []any{map[string]any{"businessId": "b", "brandName": "Outro", "companyCnpj": "60701190000104", "companyName": "SOL", "cnpjNumber": "11222333000181"}},
	}
	if rapid.IntRange(0, 5).Draw(r, "accounts") > 0 {
		accounts := []any{}
		for i, kind := range []string{"CONTA_DEPOSITO_A_VISTA", "CONTA_PAGAMENTO_PRE_PAGA", "CONTA_POUPANCA", "CONTA_DEPOSITO_A_VISTA"} {
			if !rapid.Bool().Draw(r, "held") {
				continue
			}
			cnpj, brand := "00000000000191", "Banco"
			if i == 3 {
				cnpj, brand = "60701190000104", "Outro"
			}
			accounts = append(accounts, map[string]any{
				"accountId": fmt.Sprint("a", i), "brandName": brand, "companyCnpj": cnpj, "type": kind,
				"balances":     map[string]any{"availableAmount": amount(), "updateDateTime": "2025-03-31T12:00:00Z"},
				"transactions": rows(30, entry),
			})
		}
		doc["accounts"] = accounts
	}
	if rapid.IntRange(0, 3).Draw(r, "cards") > 0 {
		doc["creditCardsAccounts"] = []any{map[string]any{
			"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card",
			"bills":        []any{map[string]any{"billId": "b", "dueDate": day(), "billTotalAmount": amount(), "transactions": rows(6, line)}},
			"transactions": rows(15, line),
		}}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		r.Fatal(err)
	}
	return text
}

// asked are the rows of the plain formulas.
type asked struct {
	day    time.Time
	age    int
	month  int // before that of the reporting day
	amount *big.Rat
	credit bool
	code   taxonomy.Code
	card   bool
	line   *ledger.Movement
	who    string
}

// plain returns the figures by pointer, and what signals say by code.
func plain(l *ledger.Ledger, company bool) map[string]string {
	var rows []asked
	now := time.Date(2025, 3, 31, 0, 0, 0, 0, time.UTC)
	add := func(first, end int32, card bool) {
		for i := first; i < end; i++ {
			m := &l.Movements[i]
			if m.Standing != ledger.Counted || m.Phase != ledger.Effective || m.Day > l.Day {
				continue
			}
			day, _ := time.Parse(time.DateOnly, m.Day.String())
			amount, _ := new(big.Rat).SetString(m.Amount.String())
			who := ""
			if !card {
				who = m.Entry.PartieCnpjCpf
			}
			if who == "" && m.Name != "PIX" {
				who = m.Name
			}
			rows = append(rows, asked{
				day: day, age: int(now.Sub(day).Hours() / 24), month: (2025-day.Year())*12 + 3 - int(day.Month()),
				amount: amount, credit: m.Direction == ledger.Credit, code: m.Decision.Code, card: card, line: m, who: who,
			})
		}
	}
	checking := false
	for i := range l.Accounts {
		if a := &l.Accounts[i]; a.Company == company && a.Kind != ledger.Savings {
			checking = true
			add(a.First, a.End, false)
		}
	}
	for i := range l.Cards {
		if c := &l.Cards[i]; c.Company == company {
			add(c.First, c.End, true)
		}
	}
	a := answer{rows: rows, checking: checking, cards: l.Document.Has("creditCardsAccounts"), figures: make(map[string]string)}
	a.gambling(company)
	a.others()
	a.advances()
	return a.figures
}

type answer struct {
	rows            []asked
	checking, cards bool
	figures         map[string]string
}

func (a *answer) choose(take func(*asked) bool) (chosen []asked) {
	for i := range a.rows {
		if take(&a.rows[i]) {
			chosen = append(chosen, a.rows[i])
		}
	}
	return chosen
}

func total(rows []asked) *big.Rat {
	sum := new(big.Rat)
	for i := range rows {
		sum.Add(sum, rows[i].amount)
	}
	return sum
}

func monthsOf(rows []asked) int {
	months := make(map[int]bool)
	for i := range rows {
		if rows[i].month < 6 {
			months[rows[i].month] = true
		}
	}
	return len(months)
}

// put writes a number with at most n decimals, half away from zero; null where it is
// not known.
func (a *answer) put(key string, known bool, value *big.Rat, n int) {
	a.figures[key] = "null"
	if known && value != nil {
		text := value.FloatString(n)
		if strings.Contains(text, ".") {
			text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
		}
		a.figures[key] = strings.TrimPrefix(text, map[bool]string{true: "-"}[text == "-0"])
	}
}

func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }

func ratio(part, of *big.Rat) *big.Rat {
	if of.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(part, of)
}

func (a *answer) gambling(company bool) {
	stakes := func(days int) []asked {
		return a.choose(func(x *asked) bool { return x.code == 41201 && !x.credit && x.age < days })
	}
	won := func(days int) []asked {
		return a.choose(func(x *asked) bool { return x.code == 41201 && x.credit && !x.card && x.age < days })
	}
	for _, n := range []int{30, 60, 90, 180} {
		a.put(fmt.Sprintf("/gambling/amountOutLast%dDays", n), a.checking, total(stakes(n)), 2)
		a.put(fmt.Sprintf("/gambling/amountInLast%dDays", n), a.checking, total(won(n)), 2)
		a.put(fmt.Sprintf("/gambling/transactionCountLast%dDays", n), a.checking, whole(len(stakes(n))), 0)
	}
	a.put("/gambling/netLossLast180Days", a.checking, new(big.Rat).Sub(total(stakes(180)), total(won(180))), 2)
	a.put("/gambling/monthsWithBetting", a.checking, whole(monthsOf(stakes(999))), 0)
	a.put("/gambling/averageTransactionsPerMonth", a.checking, big.NewRat(int64(len(stakes(90))), 3), 2)
	a.put("/gambling/lotteryAmountLast90Days", a.checking, total(a.choose(func(x *asked) bool { return x.code == 41202 && !x.credit && x.age < 90 })), 2)
	followed := false
	for _, s := range stakes(180) {
		for _, x := range a.rows {
			after := s.age - x.age
			lent := !x.card && x.credit && (x.code == 50208 || x.code == 50209)
			cost := !x.credit && (x.code == 50402 || x.code == 50403 || x.code == 50404)
			followed = followed || (lent || cost) && after >= 0 && after <= 30
		}
	}
	a.flag("/gambling/creditAfterBetting", a.checking, followed)
	if company {
		income := total(a.choose(func(x *asked) bool {
			return !x.card && x.credit && x.age < 90 && x.code != 50208 && x.code != 50209 && x.line.Role == ledger.RoleNone
		}))
		a.put("/gambling/shareOfIncome", a.checking, ratio(total(stakes(90)), income), 4)
	}
}

func (a *answer) flag(key string, known, is bool) {
	a.figures[key] = "null"
	if known {
		a.figures[key] = fmt.Sprint(is)
	}
}

func (a *answer) others() {
	of := func(days int, take func(*asked) bool) []asked {
		return a.choose(func(x *asked) bool { return !x.card && x.age < days && take(x) })
	}
	interest := func(x *asked) bool { return !x.credit && (x.code == 50402 || x.code == 50403) }
	a.put("/overdraft/interestLast90Days", a.checking, total(of(90, interest)), 2)
	a.put("/overdraft/monthsWithInterest", a.checking, whole(monthsOf(of(999, interest))), 0)
	cheque := func(x *asked) bool { return x.code == 20902 }
	a.put("/returnedCheques/countLast180Days", a.checking, whole(len(of(180, cheque))), 0)
	a.put("/returnedCheques/amountLast180Days", a.checking, total(of(180, cheque)), 2)
	renegotiated := func(x *asked) bool { return x.code == 50207 && !x.credit }
	a.put("/debtRenegotiation/countLast180Days", a.checking, whole(len(of(180, renegotiated))), 0)
	a.put("/debtRenegotiation/amountLast180Days", a.checking, total(of(180, renegotiated)), 2)
	loans := of(90, func(x *asked) bool { return x.credit && (x.code == 50208 || x.code == 50209) })
	inflow := total(of(90, func(x *asked) bool { return x.credit }))
	lenders := make(map[string]bool)
	for _, x := range loans {
		lenders[x.who] = true
	}
	a.put("/newCredit/loanInflowLast90Days", a.checking, total(loans), 2)
	a.put("/newCredit/lenderCountLast90Days", a.checking, whole(len(lenders)), 0)
	a.put("/newCredit/shareOfInflow", a.checking, ratio(total(loans), inflow), 4)
	cash := total(of(90, func(x *asked) bool { return x.code/100 == 207 && !x.credit || x.code == 20801 && x.credit }))
	a.put("/cashIntensity", a.checking, ratio(cash, total(of(90, func(*asked) bool { return true }))), 4)
	a.flag("/courtFreeze", a.checking, len(of(999, func(x *asked) bool { return x.code == 60401 })) > 0)
	a.flag("/severance", a.checking, len(of(180, func(x *asked) bool { return x.code == 10108 && x.credit })) > 0)
	for code, months := range map[string]int{
		"OVERDRAFT": monthsOf(of(999, interest)), "RETURNED_CHEQUES": monthsOf(of(999, cheque)), "RENEGOTIATION": monthsOf(of(999, renegotiated)),
		"COURT_FREEZE": monthsOf(of(999, func(x *asked) bool { return x.code == 60401 })),
	} {
		a.put(code+" months", a.checking, whole(months), 0)
	}
}

func (a *answer) advances() {
	is := func(x *asked) bool {
		fee := x.card && x.line.Line.FeeType == "SAQUE_CARTAO_BRASIL"
		return x.card && !x.credit && (fee || x.line.Line.PayeeMCC == 6010 || x.line.Line.PayeeMCC == 6011 || x.code/100 == 207)
	}
	fee := func(x *asked) bool { return x.line.Line.TransactionType == "TARIFA" }
	taken := a.choose(func(x *asked) bool { return is(x) && x.age < 180 })
	count := 0
	for i := range taken {
		alone := len(a.choose(func(y *asked) bool { return is(y) && !fee(y) && y.day.Equal(taken[i].day) })) == 0
		if !fee(&taken[i]) || alone {
			count++
		}
	}
	a.put("/cashAdvanceCount", a.cards, whole(count), 0)
	a.put("/cashAdvanceAmount", a.cards, total(taken), 2)
}
