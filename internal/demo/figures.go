package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
)

// figures are the numbers of the analytic reports that an analyst looks at first.
type figures struct {
	Sufficiency struct {
		Level            string
		TransactionCount int
	}
	CashFlow struct {
		Period struct {
			DaysCovered *int
			EndDate     string
		}
		Summary struct {
			Last90Days struct{ RealInflow, RealOutflow, ConsumptionOutflow json.Number }
		}
		Months []struct {
			Month                   string
			IsPartial               bool
			RealInflow, RealOutflow json.Number
		}
		Stability          struct{ NegativeBalanceDays *int }
		HoursToSpendIncome json.Number
	}
	Income struct {
		MonthlyIncome json.Number
		IncomeBasis   string
		MonthsUsed    int
		Stability     struct{ Volatility json.Number }
		IncomeStreams []struct {
			IncomeStreamType string
			Payers           []struct {
				Name, Rhythm, Class string
				NextExpectedDate    *string
				NextExpectedAmount  *struct{ Amount, Low, High json.Number }
			}
		}
	}
	Liabilities struct {
		DebtCommitment, LivingCommitment, DebtToIncomeRatio, RepaymentCapacity json.Number
		Contracts                                                              *struct {
			ContractCount      int
			OutstandingBalance json.Number
			PastDueInstalments int
		}
	}
	FinancialInsights struct {
		CashflowAnalysis struct {
			CheckingAccountBalance json.Number
			MonthsOfCover          json.Number
		}
		Recurring []struct {
			Name, Direction, Rhythm, NextExpectedDate string
			AverageAmount                             json.Number
		}
	}
	ScoreK1 struct {
		ScoreDetail struct {
			ScoreK1                          int
			Band                             string
			Confidence                       json.Number
			PositiveReasons, NegativeReasons []scoreReason
		}
	}
	RiskSignals struct {
		OverallLevel string
		Signals      []struct{ Code, Level string }
	}
}

type scoreReason struct {
	Points int
	TextEn string
}

// read takes the figures of one report.
func (f *figures) read(body []byte) error {
	if err := json.Unmarshal(body, f); err != nil {
		return err
	}
	return json.Unmarshal(body, &struct{ DataSufficiency any }{&f.Sufficiency})
}

// show prints the figures as an analyst's first look.
func (f *figures) show(out io.Writer, name string) error {
	var s sheet
	days := 0
	if n := f.CashFlow.Period.DaysCovered; n != nil {
		days = *n
	}
	s.line("%s, %d days, %d movements, data %s", name, days, f.Sufficiency.TransactionCount, words(f.Sufficiency.Level))
	f.income(&s)
	f.obligations(&s)
	f.cash(&s)
	f.risk(&s)
	f.recurring(&s)
	_, err := io.WriteString(out, s.String())
	return err
}

func (f *figures) income(s *sheet) {
	s.title("Income", "a month, by its payers")
	s.row("monthly income", reais(f.Income.MonthlyIncome), fmt.Sprintf("%s, average of %d full months, volatility %s", words(f.Income.IncomeBasis), f.Income.MonthsUsed, percent(f.Income.Stability.Volatility)))
	for _, stream := range f.Income.IncomeStreams {
		for _, payer := range stream.Payers {
			if payer.NextExpectedDate == nil || payer.NextExpectedAmount == nil {
				continue
			}
			next := payer.NextExpectedAmount
			between := ""
			if next.Low != "" && next.High != "" {
				between = fmt.Sprintf(", between %s and %s in 8 cases of 10", reais(next.Low), reais(next.High))
			}
			s.row("  "+words(stream.IncomeStreamType), reais(next.Amount), fmt.Sprintf("%s, %s, %s%s", short(payer.Name), words(payer.Class), f.next(*payer.NextExpectedDate), between))
		}
	}
}

// next tells of an expected day, which may have passed by.
func (f *figures) next(day string) string {
	if day < f.CashFlow.Period.EndDate {
		return "overdue since " + day
	}
	return "next on " + day
}

func (f *figures) obligations(s *sheet) {
	l := &f.Liabilities
	s.title("Obligations", "a month")
	owed := "no credit contracts in the data"
	if c := l.Contracts; c != nil {
		owed = fmt.Sprintf("%s of the income; %s owed in %d open contracts, %d instalments past due", percent(l.DebtToIncomeRatio), reais(c.OutstandingBalance), c.ContractCount, c.PastDueInstalments)
	}
	s.row("debt", reais(l.DebtCommitment), owed)
	s.row("living", reais(l.LivingCommitment), "rent, utilities and what else recurs")
	s.row("left to repay with", reais(l.RepaymentCapacity), "income less both")
}

// barWidth is how long the bar of the largest month is.
const barWidth = 24

func (f *figures) cash(s *sheet) {
	c := &f.CashFlow
	s.title("Cash flow", "real: without own transfers, refunds, loans and investments")
	balance := "in the checking accounts"
	if months := f.FinancialInsights.CashflowAnalysis.MonthsOfCover; months != "" {
		balance += ", which covers " + rat(months).FloatString(1) + " months"
	}
	s.row("balance", reais(f.FinancialInsights.CashflowAnalysis.CheckingAccountBalance), balance)
	if n := c.Stability.NegativeBalanceDays; n != nil {
		s.row("days below zero", fmt.Sprint(*n), "of the last 180")
	}
	if c.HoursToSpendIncome != "" {
		s.row("salary lasts", c.HoursToSpendIncome.String()+" h", "until 90 % of it is spent")
	}
	most := new(big.Rat)
	for i := range c.Months {
		for _, n := range []json.Number{c.Months[i].RealInflow, c.Months[i].RealOutflow} {
			if r := rat(n); r.Cmp(most) > 0 {
				most = r
			}
		}
	}
	for i := range c.Months {
		m := &c.Months[i]
		note := ""
		if m.IsPartial {
			note = "  not a full month"
		}
		s.row(m.Month+" in", reais(m.RealInflow), bar(m.RealInflow, most, '█')+note)
		s.row("        out", reais(m.RealOutflow), bar(m.RealOutflow, most, '░'))
	}
}

func (f *figures) risk(s *sheet) {
	d := &f.ScoreK1.ScoreDetail
	s.title("Risk", "an expert scorecard, not fitted on outcomes")
	s.row("score", fmt.Sprint(d.ScoreK1), fmt.Sprintf("of 1000, %s, confidence %s", words(d.Band), percent(d.Confidence)))
	for _, reasons := range [][]scoreReason{d.PositiveReasons, d.NegativeReasons} {
		for _, r := range reasons {
			s.row("", fmt.Sprintf("%+d", r.Points), r.TextEn)
		}
	}
	s.row("signals", words(f.RiskSignals.OverallLevel), "overall, which one grave signal decides, whatever the score")
	for _, level := range []string{"HIGH", "MEDIUM", "LOW"} {
		var codes []string
		for _, signal := range f.RiskSignals.Signals {
			if signal.Level == level {
				codes = append(codes, words(signal.Code))
			}
		}
		if codes != nil {
			s.row("", words(level), strings.Join(codes, ", "))
		}
	}
}

// shownRecurring is how many recurring payments are printed.
const shownRecurring = 8

func (f *figures) recurring(s *sheet) {
	all := f.FinancialInsights.Recurring
	s.title("Recurring payments", fmt.Sprintf("%d found, the largest first", len(all)))
	for i, r := range all {
		if i == shownRecurring {
			break
		}
		sign := "-"
		if r.Direction == "CREDITO" {
			sign = "+"
		}
		s.row(words(r.Rhythm), sign+reais(r.AverageAmount), short(r.Name)+", "+f.next(r.NextExpectedDate))
	}
}

// sheet is rows of a name, a number and a remark, under titles.
type sheet struct{ strings.Builder }

func (s *sheet) line(format string, values ...any) { fmt.Fprintf(s, format+"\n", values...) }

func (s *sheet) title(title, about string) { s.line("\n%s  (%s)", title, about) }

// row aligns numbers at their right end.
func (s *sheet) row(name, number, remark string) {
	s.line("  %-26s%16s  %s", name, number, remark)
}

// reais writes an amount as Brazilians do, an unknown one as a dash.
func reais(n json.Number) string {
	if n == "" {
		return "–"
	}
	text := rat(n).FloatString(2)
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	whole, cents, _ := strings.Cut(text, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "." + whole[at:]
	}
	return sign + "R$ " + whole + "," + cents
}

func percent(n json.Number) string {
	if n == "" {
		return "unknown"
	}
	return new(big.Rat).Mul(rat(n), big.NewRat(100, 1)).FloatString(1) + " %"
}

func rat(n json.Number) *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return new(big.Rat)
	}
	return r
}

func bar(n json.Number, most *big.Rat, block rune) string {
	if most.Sign() <= 0 {
		return ""
	}
	length, _ := new(big.Rat).Mul(new(big.Rat).Quo(rat(n), most), big.NewRat(barWidth, 1)).Float64()
	return strings.Repeat(string(block), max(0, int(length+0.5)))
}

// words writes a code such as REGULAR_SALARY in words.
func words(code string) string { return strings.ToLower(strings.ReplaceAll(code, "_", " ")) }

// short is the beginning of a statement text.
func short(text string) string {
	const most = 40
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return text
}
