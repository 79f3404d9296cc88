package fact

import (
	"math/big"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// Employer is who pays the person's salary.
type Employer struct {
	Name, Document string // "" when unknown
	Registered     bool   // the registration data tell it; else the salaries do
}

// Employer returns the newest paychecksBankLink of the registration data, else the
// newest of portabilitiesReceived, else the payer of most regular salaries in 180
// days, of equal ones the one who paid last; false: there is none.
func (f *Facts) Employer() (Employer, bool) {
	paychecks, portabilities := f.salaryLinks()
	for _, links := range [...][]*openfinance.SalaryLink{paychecks, portabilities} {
		if link := newestLink(links); link != nil {
			return Employer{link.EmployerName, link.EmployerCnpjCpf, true}, true
		}
	}
	in := f.Income(true)
	most, entry := 0, (*IncomeEntry)(nil)
	for i := range in.Streams { // in the order of their newest entries
		if in.Streams[i].Kind != RegularSalary {
			continue
		}
		p := in.OfStream(int32(i))
		if n := p.Count(recurrentDays); n > most {
			most, entry = n, &in.Entries[p.entries[0]]
		}
	}
	if entry == nil {
		return Employer{}, false
	}
	m := &f.Ledger.Movements[entry.Flow.Movement]
	return Employer{Name: m.Entry.Name, Document: m.PartieTaxID()}, true
}

// newestLink returns the newest link that names an employer, of equal days the
// first; nil: none does.
func newestLink(links []*openfinance.SalaryLink) *openfinance.SalaryLink {
	var newest *openfinance.SalaryLink
	for _, link := range links {
		if link.EmployerName == "" && link.EmployerCnpjCpf == "" {
			continue
		}
		if newest == nil || dayOfDate(link.Date) > dayOfDate(newest.Date) {
			newest = link
		}
	}
	return newest
}

// InformedIncome is the income that the person told the bank.
type InformedIncome struct {
	Frequency string // DIARIA, SEMANAL … OUTROS
	Date      string // as sent; "" when absent
	Amount    Figure // as sent
	Monthly   Figure // in a month; unknown for another frequency or currency
	Ratio     Ratio  // Monthly ÷ monthly income
}

// InformedIncome returns the newest income of the registration data, of equal days
// the first; false: there is none. On an older day what was told later does not
// exist.
func (f *Facts) InformedIncome() (InformedIncome, bool) {
	var told *openfinance.Informed
	for i := range f.Ledger.Document.PersonalQualifications {
		informed := f.Ledger.Document.PersonalQualifications[i].InformedIncome
		if informed == nil || f.Ledger.Replay && dayOfDate(informed.Date) > f.Ledger.Day {
			continue
		}
		if told == nil || dayOfDate(informed.Date) > dayOfDate(told.Date) {
			told = informed
		}
	}
	if told == nil {
		return InformedIncome{}, false
	}
	in := InformedIncome{Frequency: told.Frequency, Date: told.Date}
	amount, err := money.Parse(told.Amount.Amount)
	if err != nil {
		return in, true
	}
	in.Amount = Figure{Known: true, Amount: amount}
	part, whole, known := annual(amount, told.Frequency)
	if !known || told.Amount.Currency != "BRL" && told.Amount.Currency != "" {
		return in, true
	}
	whole.Mul(whole, big.NewInt(12))
	in.Monthly = Figure{Known: true, Amount: cents(part, whole)}
	if months := f.Income(true).lasting().Months(incomeMonths); added(months) > 0 {
		in.Ratio = ratioOf(part.Mul(part, big.NewInt(int64(len(months)))), whole.Mul(whole, big.NewInt(int64(added(months)))))
	}
	return in, true
}

// dayOfDate returns the day of a date or date-time, None when it is none.
func dayOfDate(date string) calendar.Day {
	const length = len("2006-01-02")
	if len(date) > length {
		date = date[:length]
	}
	day, _ := calendar.ParseDay(date)
	return day
}
