// Package financialinsights tells what a first look at a person or company asks for:
// balances and flows, credit lines, how cards are used and paid, traces of events in
// the record, and payments that recur.
package financialinsights

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

const bodyKey = "financialInsights"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    275,
		Name:     "financial_insights",
		Aliases:  []string{"financial_insight"},
		Kinds:    statement.BothKinds(),
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Indicadores financeiros", EN: "Financial insights"},
		Purpose: spec.Text{
			PT: "Indicadores de fluxo de caixa, crédito, cartões e perfil, e pagamentos recorrentes",
			EN: "Indicators of cash flow, credit, cards and profile, and recurring payments",
		},
		Analytic:    true,
		Sections:    analytic.Sections(true),
		Permissions: analytic.Permissions(),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

// body writes one report.
type body struct {
	*analytic.Writer
	facts   *fact.Facts
	company bool
	v2      bool
	known   bool // there is a checking account: else no flow can be known
	flows   *fact.Flows
}

func write(e *encode.Writer, in *spec.Input) {
	company := in.Company()
	b := body{
		Writer: analytic.New(e, in, bodyKey), facts: in.Facts, company: company, v2: in.Version == spec.V2,
		known: in.Facts.HasChecking(company), flows: in.Facts.Flows(company),
	}
	b.Zeros = !b.v2
	e.OpenObject()
	b.Info()
	b.Days("daysCovered", b.flows.Coverage.Days, b.flows.OldestEntry())
	b.Object("cashflowAnalysis", b.cashflow)
	b.Object("creditAnalysis", b.credit)
	b.cards()
	b.Object("financialProfile", b.profile)
	if b.v2 {
		b.recurring()
	}
	e.CloseObject()
}

// orNull writes a figure that is null in every version where it cannot be known.
func (b *body) orNull(key string, kind spec.FigureKind, f fact.Figure) {
	if !f.Known {
		b.Null(key)
		return
	}
	b.Optional(key, kind, f)
}

// asReceived writes a sum without a history: on an older day it is null in V2.
func (b *body) asReceived(key string, f fact.Figure) {
	if b.v2 && b.facts.Ledger.Replay && f.Known {
		b.Null(key)
		b.NotAsOf(key)
		return
	}
	b.orNull(key, spec.Added, f)
}

func (b *body) credit() {
	overdraft := b.facts.Overdraft(b.company)
	b.asReceived("overdraftLimit", overdraft.Contracted)
	b.Null("preapprovedLoan") // Open Finance Brasil does not tell it.
	if !b.v2 {
		return
	}
	b.asReceived("overdraftUsed", overdraft.Used)
	b.asReceived("unarrangedOverdraft", overdraft.Unarranged)
	contracts := b.facts.ContractSummary(b.company)
	b.contract("outstandingDebt", &contracts, contracts.Owed)
	b.contract("pastDueInstalments", &contracts, contracts.PastDueInstalments)
}

func (b *body) contract(key string, contracts *fact.ContractSummary, f fact.Figure) {
	b.orNull(key, spec.Added, f)
	if contracts.NotAsOf {
		b.NotAsOf(key)
	}
}

// cards writes how each card is used.
func (b *body) cards() {
	uses := b.facts.CardUses(b.company)
	b.List("creditcardSpending", len(uses), func(i int) {
		u := &uses[i]
		source := b.facts.Ledger.Cards[u.Card].Source
		b.Field("cardHolder", statement.Holder(b.Input))
		b.Field("cardLast4Digit", statement.CardNumber(source))
		b.Field("cardType", source.Name)
		b.asReceived("creditLimit", u.Limit)
		b.Days("daysCovered", u.Covered, u.Oldest)
		b.Count("closedBillsCovered", u.Closed.Sum().Entries, u.Closed)
		b.Optional("openBillBalance", spec.Added, u.Open)
		b.orNull("lastClosedBill", spec.Added, u.Newest)
		b.orNull("avgLast3ClosedBills", spec.Computed, u.Average3)
		b.Flag("hasLatePayment", u.Late != nil, u.Late)
		b.Flag("payBillsInInstallment", u.InParts != nil, u.InParts)
	})
}
