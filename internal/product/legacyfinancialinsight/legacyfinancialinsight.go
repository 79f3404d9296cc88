// Package legacyfinancialinsight is the report financial_insight in the envelope of
// 2022: indicators of each checking account of a person, and of the cards beside it.
package legacyfinancialinsight

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/financialinsights"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:          1050,
		Name:           "financial_insight",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "financial_insight",
		Versions:       []spec.Version{spec.V11},
		Title:          spec.Text{PT: "Indicadores financeiros (formato de 2022)", EN: "Financial insight (format of 2022)"},
		Purpose:        spec.Text{PT: "Indicadores por conta: fluxo, crédito, cartões e perfil, no envelope de 2022", EN: "Indicators by account: cash flow, credit, cards and profile, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       sections,
		Permissions:    append(statement.AccountPermissions(), statement.CardPermissions()...),
		Fields:         spec.MustFields(fields),
		Write:          write,
		Legacy:         &spec.Legacy{Lists: legacy.ListsFigures},
	}
}

func sections(spec.Kind) spec.Sections {
	return spec.Sections{Required: []string{openfinance.SectionAccounts, openfinance.SectionCreditCardsAccounts}}
}

func write(w *encode.Writer, in *spec.Input) {
	cards := in.Facts.CardUses(in.Company())
	legacy.Figures(w, in, func(account int32) {
		r := report{w: w, in: in, facts: in.Facts, uses: cards, account: account, institution: in.Facts.Ledger.Accounts[account].Institution}
		r.part("cashflowAnalysis", r.cashflow)
		r.part("creditAnalysis", r.credit)
		r.cards()
		r.part("financialProfile", r.profile)
	})
}

// report writes the indicators of one account.
type report struct {
	w           *encode.Writer
	in          *spec.Input
	facts       *fact.Facts
	uses        []fact.CardUse // of all cards
	account     int32
	institution int32
}

// part writes a list of one object.
func (r *report) part(key string, members func()) {
	r.w.Key(key)
	r.w.OpenArray()
	r.w.OpenObject()
	members()
	r.w.CloseObject()
	r.w.CloseArray()
}

func (r *report) number(key string, f fact.Figure) {
	if f.Known {
		r.w.Number(key, f.Amount)
		return
	}
	r.w.Int(key, legacy.Unavailable)
}

func (r *report) cashflow() {
	r.number("checking_account_balance", r.facts.AccountBalance(r.account).Figure)
	r.number("saving_account_balance", r.facts.SavingsAt(r.in.Company(), r.institution).Figure)
	for _, n := range legacy.Windows {
		average, known := r.facts.BackfilledAverage(int(r.account), n)
		r.number(legacy.Last("avg_daily_balance", n), fact.Figure{Known: known, Amount: average})
	}
	var in, out [len(legacy.Windows)]fact.Sum
	for e := range r.facts.FlowsOf(r.account) {
		for i, n := range legacy.Windows {
			switch {
			case int(e.Age) >= n:
			case e.Classes.Has(fact.CashInflow):
				in[i] = in[i].Add(e.Amount, 1)
			default:
				out[i] = out[i].Add(e.Amount, 1)
			}
		}
	}
	for i, n := range legacy.Windows {
		r.w.Number(legacy.Last("inflow", n), in[i].Amount)
	}
	for i, n := range legacy.Windows {
		r.w.Number(legacy.Last("outflow", n), -out[i].Amount)
	}
}

func (r *report) credit() {
	r.number("overdraft_limit", r.facts.AccountOverdraft(r.account).Contracted)
	r.w.Int("preapproved_loan", legacy.Unavailable) // Open Finance Brasil does not tell it.
}

// cards writes the cards of the institution, null without one.
func (r *report) cards() {
	const key = "creditcardSpending"
	l, listed := r.facts.Ledger, 0
	for i := range r.uses {
		u := &r.uses[i]
		c := &l.Cards[u.Card]
		if c.Institution != r.institution {
			continue
		}
		if listed++; listed == 1 {
			r.w.Key(key)
			r.w.OpenArray()
		}
		r.card(c, u)
	}
	if listed == 0 {
		r.w.Null(key)
		return
	}
	r.w.CloseArray()
}

func (r *report) card(c *ledger.Card, u *fact.CardUse) {
	days := 0
	if u.Covered > 0 {
		days = legacy.History
	}
	r.w.OpenObject()
	r.w.Field("card_holder", statement.Holder(r.in))
	r.w.Field("card_last_4_digit", statement.CardNumber(c.Source))
	r.w.Field("card_type", c.Source.Name)
	r.number("credit_limit", u.Limit)
	r.w.Int("days_covered", int64(days))
	r.w.Int("closed_bills_covered", int64(len(c.Closed)))
	r.number("open_bill_balance", u.Open)
	r.number("last_closed_bill", u.Newest)
	r.number("avg_last_3_closed_bills", u.Average3)
	r.flag("has_late_payment", u.Late != nil)
	r.flag("pay_bills_in_installment", u.InParts != nil)
	r.w.CloseObject()
}

func (r *report) flag(key string, is bool) {
	word := "No"
	if is {
		word = "Yes"
	}
	r.w.Field(key, word)
}

// profile writes what the current report has, over the account alone.
func (r *report) profile() {
	for i := range financialinsights.Traces {
		t := &financialinsights.Traces[i]
		if t.Legacy == "" {
			continue
		}
		sum := t.OfAccount(r.facts, r.account)
		if t.IsFlag {
			r.flag(t.Legacy, sum.Entries > 0)
		} else {
			r.w.Number(t.Legacy, sum.Amount)
		}
	}
}
