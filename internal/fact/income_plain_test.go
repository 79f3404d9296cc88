package fact_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

// people draws a person's credits and debits: series that come about monthly, and
// single ones. Amounts are whole reais.
func people(t *rapid.T) (list []pay) {
	today := calendar.Of(2025, 6, 30)
	for range rapid.IntRange(0, 6).Draw(t, "series") {
		p := onePay(t)
		date := rapid.SampledFrom([]int{1, 3, 5, 7, 10, 15, 25, 28, 31}).Draw(t, "date")
		first := calendar.Of(2024, 8, 1)
		for month := rapid.IntRange(0, 10).Draw(t, "first"); month < 11; month++ {
			if rapid.IntRange(0, 4).Draw(t, "left out") == 0 {
				continue
			}
			day := first.AddMonths(month) + calendar.Day(date-1+rapid.IntRange(-3, 3).Draw(t, "moved"))
			if day > today {
				break
			}
			p.day = day.String()
			list = append(list, p)
		}
	}
	for range rapid.IntRange(0, 12).Draw(t, "single") {
		p := onePay(t)
		p.day = (today - calendar.Day(rapid.IntRange(0, 330).Draw(t, "age"))).String()
		list = append(list, p)
	}
	return list
}

func onePay(t *rapid.T) pay {
	p := pay{
		amount:   money.Amount(rapid.IntRange(1, 900).Draw(t, "amount")),
		document: rapid.SampledFrom([]string{"", "", employer, ownFirm, inss, brother, stranger, thirdRoot}).Draw(t, "document"),
		name:     rapid.SampledFrom([]string{"ACME", "PIX PEDRO LIMA", "PIX BRUNO", "DEPOSITO"}).Draw(t, "name"),
		kind:     rapid.SampledFrom([]string{"PIX", "PIX", "FOLHA_PAGAMENTO"}).Draw(t, "type"),
		code: rapid.SampledFrom([]taxonomy.Code{
			10101, 10101, 10101, 10102, 10103, 10107, 10108, 10201, 10301, 10303, 10304, 10306, 10401, 10501, 10505, 10601, 10701, 10801,
			20101, 20101, 20102, 20102, 20301, 20801, 50208,
		}).Draw(t, "code"),
	}
	if rapid.IntRange(0, 3).Draw(t, "debit") == 0 {
		p.amount = -p.amount
		p.code = rapid.SampledFrom([]taxonomy.Code{20101, 20102, 20502, 30101}).Draw(t, "code of the debit")
	}
	switch rapid.IntRange(0, 12).Draw(t, "role") {
	case 0:
		p.role = ledger.RoleOwnTransfer
	case 1:
		p.role, p.reversed = ledger.RoleReversed, money.Amount(rapid.IntRange(1, int(p.amount.Abs())).Draw(t, "reversed"))
	case 2:
		p.role = ledger.RoleReversal
	}
	return p
}

// plainEntry is one credit or debit as the formulas see it.
type plainEntry struct {
	pay
	day    calendar.Day
	month  int
	left   int64  // without what came back
	party  string // "" for nobody
	cnpj   string // root
	class  string // verified, estimated, financial, none
	kind   string
	nets   bool // a transfer from others
	family bool
}

// plainIncome computes income a second time, slowly, in the words of the formulas.
type plainIncome struct {
	today   calendar.Day
	full    []int // full months, newest first
	credits []*plainEntry
	debits  []*plainEntry
}

var plainKinds = map[taxonomy.Code]string{
	10101: "salary", 10103: "salary", 10102: "bonus", 10104: "bonus", 10301: "pension", 10302: "pension", 10303: "support", 10304: "support", 10305: "support",
	10306: "alimony", 10201: "business", 10107: "business", 10108: "other", 10401: "dividend", 10501: "redemption", 10701: "recurrent", 10801: "recurrent",
	20101: "transfer", 20102: "transfer", 20301: "transfer",
}

func plain(list []pay) *plainIncome {
	p := &plainIncome{today: calendar.Of(2025, 6, 30)}
	oldest := p.today + 1
	for _, x := range list {
		e := &plainEntry{pay: x}
		e.day, _ = calendar.ParseDay(x.day)
		e.month, oldest = e.day.MonthIndex(), min(oldest, e.day)
		e.left = int64(x.amount.Abs() - x.reversed)
		if len(x.document) == 14 {
			e.cnpj = x.document[:8]
			e.party = e.cnpj
		} else if e.party = x.document; e.party == "" && x.name != "DEPOSITO" {
			e.party = "name " + text.Name(x.name)
		}
		investment := x.code/100 == 104 || x.code/100 == 105
		if x.role == ledger.RoleOwnTransfer && !investment || x.role == ledger.RoleReversal || e.left == 0 {
			continue
		}
		if x.amount < 0 {
			if x.code/100 >= 201 && x.code/100 <= 205 {
				p.debits = append(p.debits, e)
			}
			continue
		}
		if e.kind = plainKinds[x.code]; e.kind != "" {
			e.nets = e.kind == "transfer"
			p.credits = append(p.credits, e)
		}
	}
	for month := p.today.MonthIndex() - 1; oldest <= p.today && month >= oldest.MonthIndex(); month-- {
		if _, _, date := oldest.Date(); month > oldest.MonthIndex() || date <= 5 {
			p.full = append(p.full, month)
		}
	}
	covered := int(p.today - oldest + 1)
	var kept []*plainEntry
	for _, e := range p.credits {
		if (e.kind == "recurrent" || e.kind == "transfer") && !p.recurs(e, covered) {
			continue
		}
		e.family = e.nets && p.isFamily(e)
		kept = append(kept, e)
	}
	p.credits = kept
	for _, e := range p.credits {
		e.class = p.classOf(e)
	}
	for _, e := range p.credits {
		if e.class == "verified" {
			p.move(e)
		}
	}
	return p
}

// alike are the entries of the kind and payer of an entry.
func (p *plainIncome) alike(e *plainEntry) (list []*plainEntry) {
	for _, x := range p.credits {
		if x.kind == e.kind && x.party == e.party {
			list = append(list, x)
		}
	}
	return list
}

func (p *plainIncome) recurs(e *plainEntry, covered int) bool {
	if e.party == "" {
		return false
	}
	months := map[int]bool{}
	for _, x := range p.alike(e) {
		if p.today-x.day < 180 {
			months[x.day.MonthIndex()] = true
		}
	}
	return len(months) >= 3 || covered < 90 && len(months) == 2
}

func (p *plainIncome) isFamily(e *plainEntry) bool {
	person, named := false, false
	for _, x := range p.alike(e) {
		person = person || len(x.document) == 11 || x.code == 20102
		named = named || slices.Contains(strings.Fields(x.name), "LIMA")
	}
	return person && named
}

func (p *plainIncome) classOf(e *plainEntry) string {
	switch {
	case e.code == 10304 || e.code == 10108 || e.kind == "redemption":
		return "none"
	case e.kind == "dividend":
		return "financial"
	case e.kind == "bonus" && e.party != "":
		for _, x := range p.credits {
			if x.kind == "salary" && x.party == e.party && p.classOf(x) == "verified" {
				return "verified"
			}
		}
	case e.kind == "salary" || e.kind == "pension" || e.kind == "support":
		if e.cnpj == ownFirm[:8] {
			return "estimated"
		}
		paid := map[int]bool{}
		for _, x := range p.alike(e) {
			if slices.Contains(p.full[:min(6, len(p.full))], x.day.MonthIndex()) {
				paid[x.day.MonthIndex()] = true
			}
		}
		known := e.cnpj == employer[:8] || e.cnpj == inss[:8]
		if e.pay.kind == "FOLHA_PAGAMENTO" || known || e.cnpj != "" && len(paid) >= 3 {
			return "verified"
		}
	}
	return "estimated"
}

// move gives a verified entry the month that it is meant for.
func (p *plainIncome) move(e *plainEntry) {
	if e.party == "" {
		return
	}
	early, late := 0, 0
	has := func(month, first, last int) bool {
		return slices.ContainsFunc(p.alike(e), func(x *plainEntry) bool {
			_, _, date := x.day.Date()
			return x.day.MonthIndex() == month && date >= first && date <= last
		})
	}
	for _, x := range p.alike(e) {
		_, _, date := x.day.Date()
		if date <= 7 {
			early++
		}
		if date >= 25 {
			late++
		}
	}
	_, _, date := e.day.Date()
	switch {
	case early >= late && date >= 25 && !has(e.month+1, 1, 10):
		e.month++
	case early < late && date <= 5 && !has(e.month-1, 21, 31):
		e.month--
	}
}

// sum adds up what takes chooses, transfers by payer less what went back.
func (p *plainIncome) sum(takes func(*plainEntry) bool, in func(day calendar.Day, month int) bool) int64 {
	sum, payers := int64(0), map[string]int64{}
	for _, e := range p.credits {
		if !takes(e) || !in(e.day, e.month) {
			continue
		}
		if e.nets {
			payers[e.party] += e.left
		} else {
			sum += e.left
		}
	}
	for _, d := range p.debits {
		if _, known := payers[d.party]; known && in(d.day, d.month) {
			payers[d.party] -= d.left
		}
	}
	for _, left := range payers {
		sum += max(0, left)
	}
	return sum
}

func (p *plainIncome) last(n int, takes func(*plainEntry) bool) string {
	return fmt.Sprint(p.sum(takes, func(day calendar.Day, _ int) bool { return int(p.today-day) < n }))
}

func (p *plainIncome) month(month int, takes func(*plainEntry) bool) int64 {
	return p.sum(takes, func(_ calendar.Day, m int) bool { return m == month })
}

func (p *plainIncome) average(k int, takes func(*plainEntry) bool) string {
	k = min(k, len(p.full))
	if k == 0 {
		return "unknown"
	}
	sum := new(big.Rat)
	for _, month := range p.full[:k] {
		sum.Add(sum, new(big.Rat).SetInt64(p.month(month, takes)))
	}
	return strings.TrimSuffix(sum.Mul(sum, big.NewRat(1, int64(k))).FloatString(2), ".00")
}

// Figures agree with their formulas computed a second time, on random people.
func TestIncomeAgreesWithItsFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := people(t)
		f := earner(t, list...)
		in, p := f.Income(true), plain(list)
		is := func(classes ...string) func(*plainEntry) bool {
			return func(e *plainEntry) bool { return !e.family && slices.Contains(classes, e.class) }
		}
		verified, estimated := is("verified"), is("estimated", "financial")
		recurrent := func(e *plainEntry) bool {
			return is("estimated")(e) && p.recurs(e, f.Flows(false).Coverage.Days)
		}
		lasting := func(e *plainEntry) bool { return verified(e) || recurrent(e) }
		family := func(e *plainEntry) bool { return e.family }
		agree := func(what string, got fact.Figure, want string) {
			t.Helper()
			if g := known(got); g != want {
				t.Fatalf("%s is %s, want %s", what, g, want)
			}
		}
		for _, n := range []int{30, 90, 180, 360} {
			agree(fmt.Sprint("income of ", n), in.Total(n), p.last(n, is("verified", "estimated", "financial")))
			agree(fmt.Sprint("family support of ", n), in.Family.Totalled().Last(n), p.last(n, family))
		}
		for before := range 13 {
			month := p.today.MonthIndex() - before
			agree(fmt.Sprint("verified ", before), in.Verified().Month(month), fmt.Sprint(p.month(month, verified)))
			agree(fmt.Sprint("estimated ", before), in.Estimated().Month(month), fmt.Sprint(p.month(month, estimated)))
		}
		for _, k := range []int{3, 6, 12} {
			agree("verified average", in.Verified().Average(k), p.average(k, verified))
			agree("estimated average", in.Estimated().Average(k), p.average(k, estimated))
		}
		m := f.MonthlyIncome()
		agree("monthly income", m.Figure, p.average(6, lasting))
		agree("its recurrent part", m.RecurrentEstimated, p.average(6, recurrent))
	})
}

func known(f fact.Figure) string {
	if !f.Known {
		return "unknown"
	}
	return short(f.Amount)
}
