package liabilities_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/liabilities"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// The plain formulas agree with the product on made-up lives.
func TestPlainFormulasAgreeOnSyntheticPeople(t *testing.T) {
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 1, today)
			if diff := disagreement(t, producttest.FactsOf(t, p.Userdata, today), p.Truth.CPF == ""); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// They agree on people that no life is like: any categories, roles and refunds,
// joint accounts, contracts of any kind.
func TestPlainFormulasAgreeOnRandomPeople(t *testing.T) {
	codes := taxonomy.All()
	debts := []taxonomy.Code{
		60201, 60204, 50201, 50202, 50203, 50204, 50205, 50206, 50207, 50402, 50404, 30101, 30105, 30201, 20102, 20501, 21001, 80101, 80201, 80301, 80401, 80701, 50301,
	}
	people := []sandbox.Person{
		sandbox.Generate("over-indebted", 11, 1, today), sandbox.Generate("trading-company", 11, 1, today), sandbox.Generate("joint-couple", 11, 1, today),
	}
	rapid.Check(t, func(r *rapid.T) {
		p := people[rapid.IntRange(0, len(people)-1).Draw(r, "person")]
		f := producttest.FactsOf(t, p.Userdata, today)
		for i := range f.Ledger.Accounts {
			f.Ledger.Accounts[i].Share = rapid.SampledFrom([]ledger.Share{ledger.ShareWhole, ledger.ShareHalf, ledger.ShareNone}).Draw(r, "share")
		}
		dice := rapid.SliceOfN(rapid.IntRange(0, 10_000), 97, 97).Draw(r, "dice")
		for i := range f.Ledger.Movements {
			m, roll := &f.Ledger.Movements[i], dice[i%len(dice)]+i
			switch roll % 6 {
			case 0:
				m.Decision.Code = codes[roll%len(codes)].Code
			case 1, 2:
				m.Decision.Code = debts[roll%len(debts)]
			case 3:
				m.Role, m.Reversed = ledger.RoleReversed, m.Amount/money.Amount(1+roll%3)
			case 4:
				m.Role = []ledger.Role{ledger.RoleNone, ledger.RoleOwnTransfer, ledger.RoleReversal, ledger.RoleBillPayment, ledger.RoleDebt}[roll%5]
			}
		}
		addContracts(r, f)
		if diff := disagreement(r, f, p.Truth.CPF == ""); diff != "" {
			r.Fatal(diff)
		}
	})
}

// addContracts puts other loans into the document and the ledger.
func addContracts(r *rapid.T, f *fact.Facts) {
	doc := *f.Ledger.Document
	doc.Sections = maps.Clone(doc.Sections)
	doc.Sections[openfinance.SectionLoans] = &openfinance.Section{}
	doc.Loans, doc.Financings, doc.InvoiceFinancings, doc.UnarrangedOverdraft = nil, nil, nil, nil
	amount := func() string {
		cents := rapid.IntRange(0, 900_000).Draw(r, "cents")
		return fmt.Sprintf("%d.%02d", cents/100, cents%100)
	}
	for i := range rapid.IntRange(0, 6).Draw(r, "contracts") {
		c := openfinance.Contract{
			ContractID: fmt.Sprint("k", i), IpocCode: rapid.SampledFrom([]string{"", "A", "B"}).Draw(r, "ipoc"),
			InstalmentPeriodicity: rapid.SampledFrom([]string{"", "MENSAL", "SEMANAL", "QUINZENAL", "BIMESTRAL", "TRIMESTRAL", "SEMESTRAL"}).Draw(r, "periodicity"),
			ProductSubType:        rapid.SampledFrom([]string{"", "", "", "CHEQUE_ESPECIAL"}).Draw(r, "subtype"),
			SettlementDate:        rapid.SampledFrom([]string{"", "", "", "2025-01-10"}).Draw(r, "settled"),
			Currency:              rapid.SampledFrom([]string{"", "BRL", "BRL", "USD"}).Draw(r, "currency"),
			CET:                   rapid.SampledFrom([]string{"", "0.29", "0.5", "1.2"}).Draw(r, "cost"),
			Schedule:              &openfinance.InstalmentSchedule{Due: rapid.Int32Range(0, 48).Draw(r, "due"), PastDue: rapid.Int32Range(0, 2).Draw(r, "late")},
			Payments:              &openfinance.ContractPayments{OutstandingBalance: amount()},
		}
		switch rapid.IntRange(0, 3).Draw(r, "known by") {
		case 0:
			c.NextInstalmentAmount = amount()
		case 1:
			c.Payments.Releases = []openfinance.Release{
				{PaidDate: "2025-01-10", Amount: amount()}, {PaidDate: "2025-03-10", Amount: amount(), IsOverParcel: openfinance.True}, {PaidDate: "2025-02-10", Amount: amount()},
			}
		}
		doc.Loans = append(doc.Loans, c)
	}
	first := make(map[string]int32)
	f.Ledger.Document, f.Ledger.Contracts = &doc, nil
	for i := range doc.Loans {
		same := int32(-1)
		if at, known := first[doc.Loans[i].IpocCode]; known && doc.Loans[i].IpocCode != "" {
			same = at
		} else {
			first[doc.Loans[i].IpocCode] = int32(i)
		}
		f.Ledger.Contracts = append(f.Ledger.Contracts, ledger.Contract{Source: &doc.Loans[i], Same: same, Company: isCompany(f)})
	}
	for i := range f.Ledger.Institutions {
		f.Ledger.Institutions[i].Contracts = nil
	}
}

func isCompany(f *fact.Facts) bool { return f.Ledger.Person.CPF == "" }

// disagreement compares every figure of the report that the plain formulas know.
func disagreement(t rapid.TB, f *fact.Facts, company bool) string {
	t.Helper()
	in := spec.Input{Facts: f, Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
	if company {
		in.Kind = spec.PJ
	}
	for _, fault := range producttest.CheckEvidence(liabilities.Product(), in) {
		t.Error(fault)
	}
	var w encode.Writer
	liabilities.Product().Write(&w, &in)
	got, want := flat(t, w.Bytes()), plain.Liabilities(obligations(f, company))
	var diff strings.Builder
	for _, pointer := range slices.Sorted(maps.Keys(want)) {
		if got[pointer] != want[pointer] {
			fmt.Fprintf(&diff, "%s is %s, the plain formula gives %s\n", pointer, got[pointer], want[pointer])
		}
	}
	for _, pointer := range slices.Sorted(maps.Keys(got)) {
		if _, known := want[pointer]; !known && !unknownToPlain(pointer) {
			fmt.Fprintf(&diff, "%s is %s, the plain formulas do not have it\n", pointer, got[pointer])
		}
	}
	return diff.String()
}

func unknownToPlain(pointer string) bool {
	for _, part := range []string{"/personalInfo", "/businessInfo", "/liabilityTransactions/", "/recurringExpenses/streams/"} {
		if strings.Contains(pointer, part) {
			return true
		}
	}
	return false
}

var roleNames = map[ledger.Role]string{
	ledger.RoleOwnTransfer: "own-transfer", ledger.RoleReversal: "reversal", ledger.RoleReversed: "reversed", ledger.RoleBillPayment: "bill-payment",
}

// obligations tells the plain formulas what the ledger knows.
func obligations(f *fact.Facts, company bool) plain.Obligations {
	l := f.Ledger
	o := plain.Obligations{Question: plain.Question{Document: documentOf(l, company), Day: l.Day.String()}, Company: company, Next: "0"}
	exists := func(m *ledger.Movement) bool {
		return m.Standing == ledger.Counted && m.Phase == ledger.Effective && m.Day <= l.Day
	}
	name := func(m *ledger.Movement) string {
		if text.Generic(m.Name) {
			return ""
		}
		return m.Name
	}
	for i := range l.Accounts {
		a := &l.Accounts[i]
		if !a.Kind.IsChecking() || a.Company != company || a.Share == ledger.ShareNone {
			continue
		}
		at := slices.IndexFunc(l.Document.Accounts, func(b openfinance.Account) bool { return b.AccountID == a.Source.AccountID })
		o.Checking = append(o.Checking, at)
		for k := a.First; k < a.End; k++ {
			if m := &l.Movements[k]; exists(m) {
				o.Entries = append(o.Entries, plain.Entry{
					Account: at, Transaction: m.Entry, Text: m.Text, Code: m.Decision.Code, Role: roleNames[m.Role], Reversed: exact(m.Reversed), Half: a.Share == ledger.ShareHalf,
				})
				o.Names = append(o.Names, name(m))
			}
		}
	}
	for i := range l.Cards {
		if l.Cards[i].Company != company {
			continue
		}
		for k := l.Cards[i].First; k < l.Cards[i].End; k++ {
			if m := &l.Movements[k]; exists(m) && !m.Foreign {
				o.Lines = append(o.Lines, plain.Line{
					Line: m.Line, Code: m.Decision.Code, Role: roleNames[m.Role], Reversed: exact(m.Reversed), Name: name(m), Day: m.Day.String(),
				})
			}
		}
	}
	if c := f.Commitments(company); len(c.Months) > 1 {
		o.Next = c.Months[1].Card.Amount.String()
	}
	if income := f.Debt(company).Income; income.Known {
		o.Income = income.Amount.String()
	}
	return o
}

// documentOf returns the document with the cards and contracts of one holder.
func documentOf(l *ledger.Ledger, company bool) *openfinance.Document {
	doc := *l.Document
	doc.CreditCards, doc.Loans, doc.Financings, doc.InvoiceFinancings, doc.UnarrangedOverdraft = nil, nil, nil, nil, nil
	for i := range l.Cards {
		if l.Cards[i].Company == company {
			doc.CreditCards = append(doc.CreditCards, *l.Cards[i].Source)
		}
	}
	for i := range l.Contracts {
		k := &l.Contracts[i]
		if k.Company != company {
			continue
		}
		list := map[ledger.ContractKind]*[]openfinance.Contract{
			ledger.Loan: &doc.Loans, ledger.Financing: &doc.Financings, ledger.InvoiceFinancing: &doc.InvoiceFinancings, ledger.UnarrangedOverdraft: &doc.UnarrangedOverdraft,
		}[k.Kind]
		*list = append(*list, *k.Source)
	}
	return &doc
}

// exact writes an amount with all of its decimals.
func exact(a money.Amount) string { return fmt.Sprintf("%d.%04d", a/money.Scale, a%money.Scale) }
