package fact

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// ContractSummary sums the open contracts up, those of one operation (ipocCode)
// counted once. What contracts owe has no history: on an older day their number
// alone is known.
type ContractSummary struct {
	Present bool // the document has a credit section
	NotAsOf bool // it has one, but the reporting day is older than what contracts owe

	Count              Figure // a count: as those below in units of money.Scale, each item of 1
	Owed               Figure // outstanding balance
	Monthly            Figure // what the instalments take a month
	PastDueContracts   Figure // a count
	PastDueInstalments Figure // a count, of items that add up to it
}

// ContractSummary returns it for the person or company.
func (f *Facts) ContractSummary(company bool) ContractSummary {
	l := f.Ledger
	s := ContractSummary{Present: slices.ContainsFunc(creditSections[:], l.Document.Has)}
	if !s.Present {
		return s
	}
	open := openContracts(l, company)
	s.Count = addUp(l, open, func(*ledger.Contract) money.Amount { return money.Scale })
	if l.Replay {
		s.NotAsOf = true
		return s
	}
	s.Owed = addUp(l, open, owed)
	s.Monthly = monthly(l, open)
	s.PastDueContracts, s.PastDueInstalments = f.PastDue(company)
	return s
}

// PastDue returns the number of open contracts with past due instalments and that of
// those instalments as received, whatever the reporting day: what version 1 prints.
func (f *Facts) PastDue(company bool) (contracts, instalments Figure) {
	l := f.Ledger
	open := openContracts(l, company)
	contracts = addUp(l, open, func(k *ledger.Contract) money.Amount { return min(pastDue(k), money.Scale) })
	return contracts, addUp(l, open, pastDue)
}

var creditSections = [...]string{
	openfinance.SectionLoans, openfinance.SectionFinancings, openfinance.SectionInvoiceFinancings, openfinance.SectionUnarrangedOverdraft,
}

// openContracts returns the contracts of the person or company that are not
// settled, those of one operation once.
func openContracts(l *ledger.Ledger, company bool) []int32 {
	var open []int32
	for i := range l.Contracts {
		if k := &l.Contracts[i]; k.Company == company && k.Same < 0 && !isSettled(l, k) {
			open = append(open, int32(i))
		}
	}
	return open
}

// isSettled reports whether a contract was settled; in a replay up to the reporting
// day, as later settlements do not exist.
func isSettled(l *ledger.Ledger, k *ledger.Contract) bool {
	day, known := calendar.ParseDay(k.Source.SettlementDate)
	if l.Replay && known && day > l.Day {
		return false
	}
	return k.Source.SettlementDate != ""
}

// addUp adds up what each contract has, with those behind it that have anything.
func addUp(l *ledger.Ledger, contracts []int32, of func(*ledger.Contract) money.Amount) Figure {
	var items []Item
	var sum money.Amount
	for _, i := range contracts {
		if amount := of(&l.Contracts[i]); amount != 0 {
			sum, _ = money.Add(sum, amount)
			items = append(items, Item{Kind: ContractItem, Index: i, Amount: amount})
		}
	}
	return Figure{Known: true, Amount: sum, Behind: listed(items)}
}

// owed returns the outstanding balance of a contract, 0 when it is not known.
func owed(k *ledger.Contract) money.Amount {
	if k.Source.Payments == nil || !inReais(k.Source.Currency) {
		return 0
	}
	balance, err := money.Parse(k.Source.Payments.OutstandingBalance)
	if err != nil {
		return 0
	}
	return balance
}

// pastDue returns the number of past due instalments in units of money.Scale.
func pastDue(k *ledger.Contract) money.Amount {
	if k.Source.Schedule == nil {
		return 0
	}
	return money.Scale * money.Amount(max(0, k.Source.Schedule.PastDue))
}

// monthly returns what the instalments of open contracts take a month: each one's
// instalment × the months of its periodicity, rounded once. The items are in cents;
// the last one takes what rounding left.
func monthly(l *ledger.Ledger, open []int32) Figure {
	const cent = money.Scale / 100
	var items []Item
	var given money.Amount
	sum, unit := new(big.Int), big.NewInt(finer*monthParts*cent)
	for _, i := range open {
		part := perMonth(&l.Contracts[i])
		if part.Sign() == 0 {
			continue
		}
		sum.Add(sum, part)
		item := Item{Kind: ContractItem, Index: i, Amount: cent * held(nearest(part, unit), math.MaxInt64/cent)}
		given, _ = money.Add(given, item.Amount)
		items = append(items, item)
	}
	total := cent * held(nearest(sum, unit), math.MaxInt64/cent)
	if n := len(items); n > 0 {
		items[n-1].Amount += total - given
	}
	return Figure{Known: true, Amount: total, Behind: listed(items)}
}

// monthParts is the least number that all periods divide a month, or a month all
// periods, into whole parts of.
const monthParts = 84

// instalmentsAMonth is how many instalments of a periodicity a month has, in parts
// of monthParts. All others are monthly. A week has 7 days, a month 30.
//
//nolint:misspell // The words are Portuguese.
var instalmentsAMonth = map[string]int64{
	"SEMANAL":    monthParts * 30 / 7,
	"QUINZENAL":  monthParts * 2,
	"BIMESTRAL":  monthParts / 2,
	"TRIMESTRAL": monthParts / 3,
	"SEMESTRAL":  monthParts / 6,
	"ANUAL":      monthParts / 12,
}

// perMonth returns what a contract takes a month in units of 1 ÷ (finer ×
// monthParts) of an amount; 0 of revolving credit, which has no instalments.
func perMonth(k *ledger.Contract) *big.Int {
	if k.IsRevolving() || !inReais(k.Source.Currency) {
		return new(big.Int)
	}
	times, known := instalmentsAMonth[k.Source.InstalmentPeriodicity]
	if !known {
		times = monthParts
	}
	return new(big.Int).Mul(instalment(k), big.NewInt(times))
}

// finer is how much finer than an amount instalments are reckoned with, so that
// sums of them are rounded once.
const finer = 1_000_000_000_000

// InstalmentOf returns the amount of one instalment of a contract: its
// nextInstalmentAmount; else the newest payment that was no payment beside the
// instalments; else by the Price formula from the outstanding balance, the monthly
// cost and the number of instalments due, without a cost the balance ÷ that number.
// It is 0 when none of these is known, or when the contract told no next instalment
// and nothing is outstanding.
func InstalmentOf(k *ledger.Contract) money.Amount {
	return held(nearest(instalment(k), big.NewInt(finer)), math.MaxInt64)
}

// instalment is [InstalmentOf] in units of 1 ÷ finer of an amount.
func instalment(k *ledger.Contract) *big.Int {
	known := func(a money.Amount) *big.Int { return new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(finer)) }
	if next, err := money.Parse(k.Source.NextInstalmentAmount); err == nil && next > 0 {
		return known(next)
	}
	if k.Source.Payments == nil {
		return new(big.Int)
	}
	balance, err := money.Parse(k.Source.Payments.OutstandingBalance)
	if err == nil && balance <= 0 {
		return new(big.Int) // paid off, though nobody has settled it yet
	}
	var newest string
	var paid money.Amount
	for i := range k.Source.Payments.Releases {
		r := &k.Source.Payments.Releases[i]
		amount, err := money.Parse(r.Amount)
		if r.IsOverParcel != openfinance.True && inReais(r.Currency) && r.PaidDate > newest && err == nil && amount > 0 {
			newest, paid = r.PaidDate, amount
		}
	}
	if newest != "" {
		return known(paid)
	}
	if err != nil || k.Source.Schedule == nil {
		return new(big.Int)
	}
	return price(balance, money.MonthlyRate(k.Source.CET), int64(k.Source.Schedule.Due))
}

// maxInstalments is the most instalments of a contract that mean something: a
// hundred years of weeks.
const maxInstalments = 5200

// price returns the constant instalment that pays a balance off in n months at a
// monthly rate with 6 decimals: B × i ÷ (1 − (1 + i)^−n), in units of 1 ÷ finer.
func price(balance money.Amount, monthly string, n int64) *big.Int {
	if balance <= 0 || n <= 0 || n > maxInstalments {
		return new(big.Int)
	}
	above := new(big.Int).Mul(big.NewInt(int64(balance)), big.NewInt(finer))
	millionths, err := strconv.ParseInt(strings.Replace(monthly, ".", "", 1), 10, 64)
	if err != nil || millionths <= 0 {
		return ceiling(above, big.NewInt(n))
	}
	// With u = 10⁶, r = i × u: B × r × (u + r)^n ÷ (u × ((u + r)^n − u^n)).
	unit, exponent := big.NewInt(1_000_000), big.NewInt(n)
	grown := new(big.Int).Exp(big.NewInt(1_000_000+millionths), exponent, nil)
	above.Mul(above, grown).Mul(above, big.NewInt(millionths))
	below := grown.Sub(grown, new(big.Int).Exp(unit, exponent, nil))
	return ceiling(above, below.Mul(below, unit))
}

// ceiling returns a ÷ b of positive numbers, rounded up: three thirds of a cent are
// no less than one, so a sum that ends in half a cent is rounded up.
func ceiling(a, b *big.Int) *big.Int {
	quotient, rest := new(big.Int).QuoRem(a, b, new(big.Int))
	if rest.Sign() > 0 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient
}

// held returns a number that is not negative, at most the largest one.
func held(n *big.Int, largest int64) money.Amount {
	if !n.IsInt64() || n.Int64() > largest {
		return money.Amount(largest)
	}
	return money.Amount(n.Int64())
}
