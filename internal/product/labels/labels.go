// Package labels writes docs/labels.md: every label of the products k_label and
// credit_risk with its formula, its window, and what missing input makes of it, in
// English and Portuguese.
//
// [Page] gives the text; go generate writes it, and a test compares.
package labels

//go:generate go run gen.go

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/feature"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/spec"
)

const head = `# Labels

<!-- Generated from the tables of internal/product/feature, klabel and creditrisk by "make generate". -->

Every label of [k_label](products/k_label.md) and [credit_risk](products/credit_risk.md). D is the reporting day. A window of N days has the entries with 0 ≤ D − day < N. Sums are positive and exact, rounded once, to 2 decimals, half up; shares, ratios and coefficients of variation have 4. Entries are those of all checking accounts (` + "`CONTA_DEPOSITO_A_VISTA`, `CONTA_PAGAMENTO_PRE_PAGA`" + `) together, effective, up to D, amounts of joint accounts by the setting ` + "`jointAccounts`" + `. Numbers such as 0304 are codes of the taxonomy. Kinds of income are those of version 1.

*Todos os atributos de [k_label](products/k_label.md) e [credit_risk](products/credit_risk.md). D é o dia de referência. Uma janela de N dias tem os lançamentos com 0 ≤ D − dia < N. As somas são positivas e exatas, arredondadas uma única vez, com 2 casas; proporções e coeficientes de variação têm 4. Os lançamentos são os de todas as contas à vista e de pagamento, efetivados, até D. Números como 0304 são códigos da taxonomia.*

## k_label

A label that cannot be computed is −999999. *O que não pode ser calculado é −999999.*

| Code | Name | Formula | Fórmula | Window | Janela | Missing | Ausência |
|---|---|---|---|---|---|---|---|
`

const riskHead = `
## credit_risk

A label that cannot be computed is left out in V1 and V1.1, and ` + "`null`" + ` in V2. Codes: P of a person, J of a company; a row with six codes, such as P000011–P000016, has the windows of 30, 60, 90, 120, 180 and 360 days in this order.

*O que não pode ser calculado é omitido em V1 e V1.1 e ` + "`null`" + ` em V2. Códigos: P de pessoa, J de empresa; uma linha com seis códigos tem as janelas de 30, 60, 90, 120, 180 e 360 dias, nesta ordem.*

| Person | Company | Name | Formula | Fórmula | Window | Janela | Missing | Ausência |
|---|---|---|---|---|---|---|---|---|
`

// Page returns docs/labels.md.
func Page() []byte {
	var b bytes.Buffer
	b.WriteString(head)
	all := klabel.Labels()
	for i := range all {
		l := &all[i]
		formula, window, missing := l.Formula(), l.Window.Words(), inKLabel.missing(l)
		row(&b, l.Code, "`"+l.Name+"`", formula.EN, formula.PT, window.EN, window.PT, missing.EN, missing.PT)
	}
	b.WriteString(riskHead)
	for _, base := range creditrisk.Bases() {
		person, company := base.Labels[spec.PF], base.Labels[spec.PJ]
		for first := 0; first < max(len(person), len(company)); {
			n := sameFeature(person, company, first)
			riskRow(&b, base.Name, from(person, first, n), from(company, first, n))
			first += n
		}
	}
	return b.Bytes()
}

// sameFeature returns how many labels follow that differ in nothing but the window.
func sameFeature(person, company []feature.Label, first int) int {
	list := person
	if list == nil {
		list = company
	}
	n := 1
	for first+n < len(list) && list[first+n].Statistic == list[first].Statistic {
		n++
	}
	return n
}

func from(list []feature.Label, first, n int) []feature.Label {
	if list == nil {
		return nil
	}
	return list[first : first+n]
}

func riskRow(b *bytes.Buffer, name string, person, company []feature.Label) {
	list := person
	if list == nil {
		list = company
	}
	l := &list[0]
	if l.Statistic == feature.Count {
		name += " transaction count"
	}
	formula, missing, window := l.Formula(), inCreditRisk.missing(l), l.Window.Words()
	switch {
	case len(list) > 1:
		window = spec.Text{EN: "30 to 360 days", PT: "30 a 360 dias"}
	case l.Statistic == feature.Single:
		window = spec.Text{EN: "as the formula says", PT: "como diz a fórmula"}
	}
	row(b, codes(person), codes(company), name, formula.EN, formula.PT, window.EN, window.PT, missing.EN, missing.PT)
}

func codes(list []feature.Label) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0].Code
	}
	return list[0].Code + "–" + list[len(list)-1].Code
}

func row(b *bytes.Buffer, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// rules are what a product makes of missing input.
type rules struct {
	value spec.Text // of a label that cannot be computed
	zero  []string  // features that are 0 where there is nothing
	lacks map[feature.Need]spec.Text
}

var (
	inKLabel = rules{
		value: spec.Text{EN: "−999999", PT: "−999999"},
		zero:  []string{"checking_accounts", "cards"},
		lacks: map[feature.Need]spec.Text{
			feature.Checking: {EN: "without a checking account", PT: "sem conta à vista ou de pagamento"},
			feature.Cards:    {EN: "without a card", PT: "sem cartão"},
			feature.Savings:  {EN: "without a savings account", PT: "sem conta de poupança"},
		},
	}
	inCreditRisk = rules{
		value: spec.Text{EN: "not computed", PT: "não calculado"},
		zero:  []string{"checking_accounts", "covered_days"},
		lacks: map[feature.Need]spec.Text{
			feature.Checking:    {EN: "without a checking account", PT: "sem conta à vista ou de pagamento"},
			feature.Cards:       {EN: "without the section creditCardsAccounts", PT: "sem a seção creditCardsAccounts"},
			feature.Savings:     {EN: "without a savings account", PT: "sem conta de poupança"},
			feature.Credit:      {EN: "without a section of credit contracts", PT: "sem seção de contratos de crédito"},
			feature.Investments: {EN: "without a section of investments", PT: "sem seção de investimentos"},
		},
	}
)

// missing tells what a label is where something is missing.
func (r *rules) missing(l *feature.Label) spec.Text {
	if slices.Contains(r.zero, l.Feature.Name) {
		return spec.Text{EN: "0 when there is none", PT: "0 quando não há"}
	}
	var text spec.Text
	add := func(en, pt string) {
		if text.EN != "" {
			en, pt = "; "+en, "; "+pt
		}
		text.EN, text.PT = text.EN+en, text.PT+pt
	}
	if lack, needed := r.lacks[l.Feature.Needs]; needed {
		add(r.value.EN+" "+lack.EN, r.value.PT+" "+lack.PT)
	}
	if unknown := l.Feature.Unknown; unknown.EN != "" {
		add(r.value.EN+": "+unknown.EN, r.value.PT+": "+unknown.PT)
	}
	switch l.Statistic {
	case feature.Sum, feature.Count, feature.PerPeriod:
		add("0 without an entry in the window", "0 sem lançamento na janela")
	case feature.Periods:
		add(r.value.EN+" without an entry in the window", r.value.PT+" sem lançamento na janela")
	}
	return text
}
