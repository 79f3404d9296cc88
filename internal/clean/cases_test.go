package clean_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

var update = flag.Bool("update", false, "write the outcomes into testdata/*.txt, to be read and judged")

// TestCases runs the cases of testdata/*.txt: a title, a small document, and
// what becomes of it. testdata/README.md tells how to read and add one.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases found: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, blocks, _ := strings.Cut(string(content), "\n== ")
		out := head
		for block := range strings.SplitSeq(blocks, "\n== ") {
			title, rest, _ := strings.Cut(block, "\n")
			input, want, _ := strings.Cut(rest, "\n--\n")
			got := want // of a case that -run leaves out
			t.Run(filepath.Base(file)+"/"+title, func(t *testing.T) {
				got = outcome(t, input)
				if *update {
					want = got
				}
				if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
					t.Errorf("%s\nwant (−), got (+):\n%s", input, diff)
				}
			})
			out += "\n== " + title + "\n" + input + "\n--\n" + strings.TrimRight(got, "\n") + "\n"
		}
		if *update {
			if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// outcome cleans the document of a case and prints the ledger.
func outcome(t *testing.T, input string) string {
	t.Helper()
	c := parseCase(t, input)
	l, problems := clean.Clean(&c.doc, c.options)
	if err := ledger.Check(l); err != nil {
		t.Fatalf("the ledger is broken: %v", err)
	}
	var b strings.Builder
	if l.Replay {
		b.WriteString("replay\n")
	}
	for i := range l.Accounts {
		fmt.Fprintf(&b, "account %d\n", i+1)
		for _, at := range l.Accounts[i].Newest {
			writeMovement(&b, l, at)
		}
	}
	for i := range l.Cards {
		fmt.Fprintf(&b, "card %d\n", i+1)
		if l.Cards[i].Open == nil {
			continue
		}
		writeBill(&b, l, "open", l.Cards[i].Open)
		for k := range l.Cards[i].Closed {
			bill := &l.Cards[i].Closed[k]
			writeBill(&b, l, bill.Source.BillID, bill)
		}
	}
	for i := range l.Movements {
		m := &l.Movements[i]
		switch m.Standing {
		case ledger.BalanceLine:
			fmt.Fprintf(&b, "%s tells a balance\n", label(m))
		case ledger.Duplicate:
			fmt.Fprintf(&b, "%s is a duplicate of %s\n", label(m), label(&l.Movements[m.Original]))
		case ledger.AfterDay:
			fmt.Fprintf(&b, "%s does not exist on the day\n", label(m))
		}
	}
	writeRoles(&b, l)
	if c.series {
		writeFacts(&b, l)
	}
	for _, p := range problems {
		fmt.Fprintf(&b, "%s %s: %s\n", p.Severity, p.Path, p.Message)
	}
	return b.String()
}

// writeRoles prints what the ledger knows beyond the rows: plans, links, roles.
func writeRoles(b *strings.Builder, l *ledger.Ledger) {
	for i := range l.Plans {
		writePlan(b, l, &l.Plans[i])
	}
	for i := range l.Contracts {
		writeContract(b, l, &l.Contracts[i])
	}
	for i := range l.Movements {
		if m := &l.Movements[i]; m.Role != ledger.RoleNone {
			fmt.Fprintf(b, "%s has the role %s\n", label(m), m.RoleReason)
		}
	}
	for _, link := range l.Links {
		fmt.Fprintf(b, "%s → %s %s %s %d‰\n", label(&l.Movements[link.From]), label(&l.Movements[link.To]), link.Amount, link.Reason, link.Sureness)
	}
}

func writeContract(b *strings.Builder, l *ledger.Ledger, c *ledger.Contract) {
	fmt.Fprintf(b, "contract %s", c.Source.ContractID)
	if c.Same >= 0 {
		fmt.Fprintf(b, ", the same as %s", l.Contracts[c.Same].Source.ContractID)
	}
	b.WriteByte('\n')
	if c.Disbursement >= 0 {
		fmt.Fprintf(b, "  paid out by %s\n", label(&l.Movements[c.Disbursement]))
	}
	for _, paid := range c.Instalments {
		fmt.Fprintf(b, "  instalment %s %s  %s\n", paid.Day, paid.Amount, label(&l.Movements[paid.Movement]))
	}
}

// writeFacts prints the end-of-day balances of accounts and of the person, and
// how far the record reaches.
func writeFacts(b *strings.Builder, l *ledger.Ledger) {
	f := fact.New(l)
	for i := range l.Accounts {
		series := f.AccountBalances(i)
		writeSeries(b, l, fmt.Sprint("account ", i+1), series.Available)
		if series.Invested != series.Available {
			writeSeries(b, l, fmt.Sprint("account ", i+1, " and invested"), series.Invested)
		}
	}
	daily := f.DailyBalances(false)
	writeSeries(b, l, "person", daily.Available)
	s := f.Sufficiency(false)
	fmt.Fprintf(b, "covered %d days, %d full months, %d entries, %s", s.Coverage.Days, s.Coverage.Months, s.Coverage.Entries, s.Level(0))
	if s.Stale {
		b.WriteString(", stale")
	}
	b.WriteByte('\n')
}

// writeSeries prints the first and last day of each stretch of equal balances,
// beginning with the opening balance.
func writeSeries(b *strings.Builder, l *ledger.Ledger, name string, s *fact.Series) {
	if s == nil {
		fmt.Fprintf(b, "%s has no balances\n", name)
		return
	}
	first := s.First
	if first == calendar.None {
		first = l.Day
	}
	fmt.Fprintf(b, "%s opens with %s\n", name, s.At(first-1))
	for from := first; from <= l.Day; {
		to := from
		for to < l.Day && s.At(to+1) == s.At(from) && s.IsReliable(to+1) == s.IsReliable(from) {
			to++
		}
		fmt.Fprintf(b, "  %s – %s  %s", from, to, s.At(from))
		if !s.IsReliable(from) {
			b.WriteString("  unreliable")
		}
		b.WriteByte('\n')
		from = to + 1
	}
}

// writePlan prints a plan, one row for each instalment.
func writePlan(b *strings.Builder, l *ledger.Ledger, p *ledger.Plan) {
	states := [...]string{"paid", "on a bill", "to come"}
	fmt.Fprintf(b, "plan of card %d, %s, %d instalments, price %s", p.Card+1, p.Name, p.Count, p.Price)
	if p.Whole >= 0 {
		fmt.Fprintf(b, ", stated by %s", label(&l.Movements[p.Whole]))
	}
	if p.Debt {
		b.WriteString(", a debt")
	}
	b.WriteByte('\n')
	for n := int32(1); n <= p.Count; n++ {
		in := p.At(l, n)
		fmt.Fprintf(b, "  %d  %04d-%02d  %s  %s", n, in.Month/12, in.Month%12+1, in.Amount, states[in.State])
		if in.Movement >= 0 {
			fmt.Fprintf(b, "  %s", label(&l.Movements[in.Movement]))
		}
		b.WriteByte('\n')
	}
}

func writeBill(b *strings.Builder, l *ledger.Ledger, name string, bill *ledger.Bill) {
	fmt.Fprintf(b, " bill %s, billing %s, due %s, total %s\n", name, bill.BillingDay, bill.DueDay, bill.Total)
	if bill.Source != nil {
		for _, p := range bill.Source.Payments {
			fmt.Fprintf(b, "  paid %s %s\n", p.PaymentDate, p.Amount.Amount)
		}
	}
	for _, at := range bill.Lines {
		writeMovement(b, l, at)
	}
	for _, p := range bill.Payments {
		fmt.Fprintf(b, "  payment %s %s", p.Day, p.Amount)
		for _, at := range []int32{p.Line, p.Entry} {
			if at >= 0 {
				fmt.Fprintf(b, "  %s", label(&l.Movements[at]))
			}
		}
		b.WriteByte('\n')
	}
}

func writeMovement(b *strings.Builder, l *ledger.Ledger, at int32) {
	m := &l.Movements[at]
	fmt.Fprintf(b, "  %s  %s  %s  %s", label(m), m.Day, m.Signed(), m.Text)
	if m.HasBalance {
		fmt.Fprintf(b, "  balance %s", m.Balance)
	}
	if m.Phase != ledger.Effective {
		b.WriteString("  not effective")
	}
	if m.Day > l.Day {
		b.WriteString("  still to come")
	}
	b.WriteByte('\n')
}

// label names a movement by its list and id, as the case does.
func label(m *ledger.Movement) string {
	lists := [...]string{"history", "current", "under-bill", "line", "current-line"}
	return lists[m.Source] + " " + m.ID
}

type parsedCase struct {
	doc     openfinance.Document
	options clean.Options
	series  bool
}

func parseCase(t *testing.T, input string) *parsedCase {
	t.Helper()
	c := &parsedCase{}
	for line := range strings.Lines(input) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := c.line(words[0], words[1:]); err != nil {
			t.Fatalf("%q: %v", strings.TrimSpace(line), err)
		}
	}
	return c
}

func (c *parsedCase) line(what string, words []string) error {
	plain, options := splitOptions(words)
	switch what {
	case "day", "replay":
		day, ok := calendar.ParseDay(plain[0])
		if !ok {
			return fmt.Errorf("is no day")
		}
		c.options.Day, c.options.Asked = day, what == "replay"
	case "history-days":
		n, err := strconv.Atoi(plain[0])
		c.options.HistoryDays = n
		return err
	case "account":
		c.doc.Accounts = append(c.doc.Accounts, openfinance.Account{
			AccountID: fmt.Sprint("account-", len(c.doc.Accounts)+1), Type: or(options["type"], "CONTA_DEPOSITO_A_VISTA"),
			CompanyCNPJ: options["cnpj"], BrandName: options["brand"], Subtype: options["subtype"],
		})
		number, digit, _ := strings.Cut(options["number"], "-")
		c.account().CompeCode, c.account().BranchCode = options["compe"], options["branch"]
		c.account().Number, c.account().CheckDigit = number, digit
	case "person":
		c.doc.PersonalIdentifications = append(c.doc.PersonalIdentifications, openfinance.PersonalIdentification{
			CPF: plain[0], CivilName: strings.Join(plain[1:], " "), BrandName: options["brand"],
		})
	case "company":
		c.doc.BusinessIdentifications = append(c.doc.BusinessIdentifications, openfinance.BusinessIdentification{
			CNPJ: plain[0], CompanyName: strings.Join(plain[1:], " "), BrandName: options["brand"],
		})
	case "balance":
		c.account().Balances = &openfinance.Balances{Available: brl(plain[0]), UpdateDateTime: options["at"]}
		if invested := options["invested"]; invested != "" {
			c.account().Balances.AutomaticallyInvested = brl(invested)
		}
	case "overdraft":
		c.account().OverdraftLimits = &openfinance.OverdraftLimits{Contracted: brl(plain[0]), Unarranged: brl(plain[1])}
	case "joint":
		c.options.Joint = setting.JointPolicy(plain[0])
	case "series":
		c.series = true
	case "history":
		c.account().Transactions = append(c.account().Transactions, entry(plain, options))
	case "current":
		c.account().TransactionsCurrent = append(c.account().TransactionsCurrent, entry(plain, options))
	case "card":
		c.doc.CreditCards = append(c.doc.CreditCards, openfinance.CreditCard{
			CreditCardAccountID: fmt.Sprint("card-", len(c.doc.CreditCards)+1),
			CompanyCNPJ:         options["cnpj"], BrandName: options["brand"],
		})
	case "bill":
		c.card().Bills = append(c.card().Bills, openfinance.Bill{
			BillID: plain[0], DueDate: options["due"], ClosingDate: options["closing"], Total: brl(options["total"]),
		})
	case "paid":
		bill := &c.card().Bills[len(c.card().Bills)-1]
		bill.Payments = append(bill.Payments, openfinance.BillPayment{PaymentDate: plain[0], Amount: brl(plain[1])})
	case "contract":
		c.doc.Loans = append(c.doc.Loans, openfinance.Contract{
			ContractID: plain[0], ContractDate: plain[1], Amount: plain[2], IpocCode: options["ipoc"], CompanyCNPJ: options["cnpj"],
			ProductSubType: options["subtype"], SettlementDate: options["settled"], Payments: &openfinance.ContractPayments{},
		})
	case "released":
		paid := c.doc.Loans[len(c.doc.Loans)-1].Payments
		paid.Releases = append(paid.Releases, openfinance.Release{PaidDate: plain[0], Amount: plain[1]})
	case "under-bill":
		bill := &c.card().Bills[len(c.card().Bills)-1]
		bill.Transactions = append(bill.Transactions, cardLine(plain, options))
	case "line":
		c.card().Transactions = append(c.card().Transactions, cardLine(plain, options))
	case "current-line":
		c.card().TransactionsCurrent = append(c.card().TransactionsCurrent, cardLine(plain, options))
	default:
		return fmt.Errorf("is no line of a case")
	}
	return nil
}

func (c *parsedCase) account() *openfinance.Account { return &c.doc.Accounts[len(c.doc.Accounts)-1] }
func (c *parsedCase) card() *openfinance.CreditCard {
	return &c.doc.CreditCards[len(c.doc.CreditCards)-1]
}

func splitOptions(words []string) (plain []string, options map[string]string) {
	options = make(map[string]string)
	for _, w := range words {
		if key, value, ok := strings.Cut(w, "="); ok {
			options[key] = value
			continue
		}
		plain = append(plain, w)
	}
	return plain, options
}

func brl(amount string) openfinance.Money { return openfinance.Money{Amount: amount, Currency: "BRL"} }

// entry reads: id, date or date-time, signed amount, name.
func entry(plain []string, options map[string]string) openfinance.Transaction {
	date, dateTime := dates(plain[1], options)
	amount, direction := signed(plain[2])
	number, digit, _ := strings.Cut(options["number"], "-")
	phases := map[string]string{"": "TRANSACAO_EFETIVADA", "pending": "TRANSACAO_PROCESSANDO", "future": "LANCAMENTO_FUTURO"}
	return openfinance.Transaction{
		TransactionID: id(plain[0]), Date: date, DateTime: dateTime,
		Amount: openfinance.Money{Amount: amount, Currency: or(options["currency"], "BRL")}, CreditDebitType: direction, Name: strings.Join(plain[3:], " "),
		CompletedAuthorised: phases[options["phase"]], PartieCnpjCpf: options["partie"], Type: or(options["type"], "PIX"),
		PartiePersonType: options["person"], PartieCompeCode: options["compe"], PartieBranchCode: options["branch"],
		PartieNumber: number, PartieCheckDigit: digit,
	}
}

// cardLine reads the same.
func cardLine(plain []string, options map[string]string) openfinance.CardTransaction {
	date, dateTime := dates(plain[1], options)
	amount, direction := signed(plain[2])
	number, charges, _ := strings.Cut(options["instalment"], "/")
	n, _ := strconv.Atoi(charges)
	return openfinance.CardTransaction{
		TransactionID: id(plain[0]), Date: date, DateTime: dateTime,
		BrazilianAmount: brl(amount), CreditDebitType: direction, Name: strings.Join(plain[3:], " "),
		BillID: options["bill"], BillPostDate: options["posted"], ChargeIdentificator: number, ChargeNumber: int32(n),
		TransactionType: or(options["type"], "PAGAMENTO"), OtherCreditsType: options["credits"], PaymentType: options["payment"], PayeeMCC: -1,
	}
}

func id(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func dates(when string, options map[string]string) (date, dateTime string) {
	if strings.Contains(when, "T") {
		return "", when
	}
	return when, options["time"]
}

func signed(s string) (amount, direction string) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return rest, "DEBITO"
	}
	return s, "CREDITO"
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
