package openfinance_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// FuzzRead reads any bytes: it ends, the same bytes give the same answer, and
// what is read keeps the promises of the document's types.
func FuzzRead(f *testing.F) {
	f.Add(demo(f))
	for _, body := range official(f) {
		f.Add(body)
	}
	cases, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(cases)) {
		if strings.HasPrefix(line, "{") || strings.HasPrefix(line, "[") {
			f.Add([]byte(strings.TrimSuffix(line, "\n")))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, problems, err := openfinance.Read(body)
		again, problemsAgain, errAgain := openfinance.Read(body)
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Fatalf("two readings differ:\n%s", diff)
		}
		if diff := cmp.Diff(problems, problemsAgain); diff != "" {
			t.Fatalf("two lists of problems differ:\n%s", diff)
		}
		if (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("two errors differ: %v and %v", err, errAgain)
		}
		var syntax *openfinance.SyntaxError
		if errors.As(err, &syntax) && (syntax.Offset < 0 || syntax.Offset > int64(len(body)) || syntax.Reason == "") {
			t.Fatalf("byte %d of %d: %s", syntax.Offset, len(body), syntax.Reason)
		}
		if err != nil {
			return
		}
		checkDocument(t, doc)
		for _, p := range problems.List {
			if p.Path == "" || p.Message == "" || p.Severity == openfinance.Rejected {
				t.Fatalf("problem %+v", p)
			}
		}
	})
}

// checkDocument checks what the types of a document promise.
func checkDocument(t *testing.T, doc *openfinance.Document) {
	t.Helper()
	for name, s := range doc.Sections {
		if s.Records < 0 || s.LeftOut < 0 || s.LeftOut > s.Records {
			t.Fatalf("%s: %+v", name, *s)
		}
	}
	for _, a := range doc.Accounts {
		text(t, a.BrandName, a.Number)
		if b := a.Balances; b != nil {
			decimal(t, b.Available, b.Blocked, b.AutomaticallyInvested)
		}
		for _, list := range [][]openfinance.Transaction{a.Transactions, a.TransactionsCurrent} {
			for _, m := range list {
				text(t, m.Name, m.TransactionID)
				movement(t, m.CreditDebitType, m.Date, m.DateTime, m.Amount)
			}
		}
	}
	for _, c := range doc.CreditCards {
		lists := [][]openfinance.CardTransaction{c.Transactions, c.TransactionsCurrent}
		for _, b := range c.Bills {
			lists = append(lists, b.Transactions)
			decimal(t, b.Total, b.Minimum)
			if _, ok := calendar.ParseDay(b.DueDate); !ok {
				t.Fatalf("a bill has the due date %q", b.DueDate)
			}
		}
		for _, list := range lists {
			for _, m := range list {
				text(t, m.Name)
				movement(t, m.CreditDebitType, m.Date, m.DateTime, m.BrazilianAmount)
				if m.PayeeMCC < -1 || m.PayeeMCC > 9999 || m.ChargeNumber < 0 || m.ChargeNumber > 999 {
					t.Fatalf("a card line has the MCC %d and %d instalments", m.PayeeMCC, m.ChargeNumber)
				}
			}
		}
	}
	for _, contracts := range [][]openfinance.Contract{doc.Loans, doc.Financings, doc.InvoiceFinancings, doc.UnarrangedOverdraft} {
		checkContracts(t, contracts)
	}
	for _, holdings := range [][]openfinance.Investment{doc.BankFixedIncomes, doc.CreditFixedIncomes, doc.VariableIncomes, doc.TreasureTitles, doc.Funds} {
		checkInvestments(t, holdings)
	}
	for _, p := range doc.PersonalIdentifications {
		text(t, p.CivilName)
		if p.CPF != "" && len(p.CPF) != 11 {
			t.Fatalf("a CPF has %d characters", len(p.CPF))
		}
	}
}

// checkContracts checks what a contract promises.
func checkContracts(t *testing.T, contracts []openfinance.Contract) {
	t.Helper()
	for _, c := range contracts {
		if c.ContractID == "" && c.IpocCode == "" && c.Number == "" {
			t.Fatal("a contract has no key")
		}
		text(t, c.ProductName)
		day(t, append(c.DisbursementDates, c.ContractDate, c.SettlementDate, c.DueDate)...)
		plain(t, c.Amount, c.NextInstalmentAmount)
		number(t, c.CET)
		for _, i := range c.InterestRates {
			number(t, i.PreFixedRate, i.PostFixedRate)
		}
		for _, w := range c.Warranties {
			plain(t, w.Amount)
		}
		if s := c.Schedule; s != nil && min(s.Total, s.Remaining, s.Paid, s.Due, s.PastDue) < openfinance.AbsentCount {
			t.Fatalf("a schedule counts below zero: %+v", *s)
		}
		if c.Payments == nil {
			continue
		}
		plain(t, c.Payments.OutstandingBalance, c.Payments.TotalRemaining)
		for _, r := range c.Payments.Releases {
			if r.PaidDate == "" || r.Amount == "" {
				t.Fatal("a release has no date or no amount")
			}
			day(t, r.PaidDate)
			plain(t, r.Amount)
		}
	}
}

// checkInvestments checks what a holding promises.
func checkInvestments(t *testing.T, holdings []openfinance.Investment) {
	t.Helper()
	for _, h := range holdings {
		if h.InvestmentID == "" {
			t.Fatal("a holding has no id")
		}
		text(t, h.Name)
		number(t, h.IssueUnitPrice.Amount)
		for _, b := range h.Balances {
			day(t, b.ReferenceDate)
			decimal(t, b.Gross, b.Net, b.IncomeTax, b.Blocked)
			number(t, b.Quantity, b.UnitPrice.Amount, b.PriceFactor, b.PreFixedRate)
		}
		for _, m := range slices.Concat(h.Transactions, h.TransactionsCurrent) {
			if m.Type != "ENTRADA" && m.Type != "SAIDA" || m.Date == "" {
				t.Fatalf("a movement of a holding has the direction %q and the date %q", m.Type, m.Date)
			}
			if !m.Gross.Present() && !m.Net.Present() && !m.Value.Present() {
				t.Fatal("a movement of a holding has no value")
			}
			day(t, m.Date)
			decimal(t, m.Gross, m.Net, m.Value, m.IncomeTax)
			number(t, m.Quantity, m.UnitPrice.Amount, m.RemunerationRate)
		}
	}
}

func day(t *testing.T, days ...string) {
	t.Helper()
	for _, s := range days {
		if _, ok := calendar.ParseDay(s); s != "" && !ok {
			t.Fatalf("the date %q", s)
		}
	}
}

func plain(t *testing.T, amounts ...string) {
	t.Helper()
	for _, s := range amounts {
		decimal(t, openfinance.Money{Amount: s})
	}
}

var isNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

func number(t *testing.T, numbers ...string) {
	t.Helper()
	for _, s := range numbers {
		if s != "" && (!isNumber.MatchString(s) || len(s) > 60) {
			t.Fatalf("the number %q", s)
		}
	}
}

func text(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !utf8.ValidString(s) {
			t.Fatalf("%q is not UTF-8", s)
		}
	}
}

func decimal(t *testing.T, amounts ...openfinance.Money) {
	t.Helper()
	for _, m := range amounts {
		if !m.Present() {
			continue
		}
		if value, err := money.Parse(m.Amount); err != nil || value == 0 && strings.HasPrefix(m.Amount, "-") {
			t.Fatalf("the amount %q: %v", m.Amount, err)
		}
	}
}

func movement(t *testing.T, direction, day, instant string, amount openfinance.Money) {
	t.Helper()
	decimal(t, amount)
	if !amount.Present() || strings.HasPrefix(amount.Amount, "-") {
		t.Fatalf("a movement has the amount %q", amount.Amount)
	}
	if direction != "CREDITO" && direction != "DEBITO" {
		t.Fatalf("a movement has the direction %q", direction)
	}
	if day == "" && instant == "" {
		t.Fatal("a movement has no date")
	}
	if _, ok := calendar.ParseDay(day); day != "" && !ok {
		t.Fatalf("a movement has the date %q", day)
	}
	if _, err := time.Parse(time.RFC3339, instant); instant != "" && err != nil {
		t.Fatalf("a movement has the time %q", instant)
	}
}
