package sandbox_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/openfinance"
)

var end = calendar.Of(2026, 3, 31)

// people are 200 people, some of each persona.
var people = sync.OnceValue(func() []sandbox.Person {
	personas := sandbox.Personas()
	list := make([]sandbox.Person, 200)
	for n := range list {
		list[n] = sandbox.Generate(personas[n%len(personas)], 1, n, end)
	}
	return list
})

// eachPerson runs a check for every one of the people, by name.
func eachPerson(t *testing.T, check func(*testing.T, *sandbox.Person, *openfinance.Document)) {
	t.Helper()
	for n, p := range people() {
		t.Run(fmt.Sprintf("%s/%d", p.Persona, n), func(t *testing.T) {
			doc, problems, err := openfinance.Read(p.Userdata)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range problems.List {
				t.Errorf("%s: %s", problem.Path, problem.Message)
			}
			check(t, &p, doc)
		})
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, name := range sandbox.Personas() {
		a, b := sandbox.Generate(name, 7, 3, end), sandbox.Generate(name, 7, 3, end)
		if !bytes.Equal(a.Userdata, b.Userdata) {
			t.Errorf("%s: two runs differ", name)
		}
		for _, other := range []sandbox.Person{sandbox.Generate(name, 8, 3, end), sandbox.Generate(name, 7, 4, end)} {
			if bytes.Equal(a.Userdata, other.Userdata) {
				t.Errorf("%s: two people are one", name)
			}
		}
	}
}

func TestEveryRowIsReadAndHasItsTruth(t *testing.T) {
	eachPerson(t, func(t *testing.T, p *sandbox.Person, doc *openfinance.Document) {
		type row struct{ id, direction, amount string }
		var rows []row
		for i := range doc.Accounts {
			for _, list := range [][]openfinance.Transaction{doc.Accounts[i].Transactions, doc.Accounts[i].TransactionsCurrent} {
				for _, e := range list {
					rows = append(rows, row{e.TransactionID, e.CreditDebitType, e.Amount.Amount})
				}
			}
		}
		for i := range doc.CreditCards {
			c := &doc.CreditCards[i]
			lists := [][]openfinance.CardTransaction{}
			for b := range c.Bills {
				lists = append(lists, c.Bills[b].Transactions)
			}
			for _, list := range append(lists, c.Transactions, c.TransactionsCurrent) {
				for _, e := range list {
					rows = append(rows, row{e.TransactionID, e.CreditDebitType, e.BrazilianAmount.Amount})
				}
			}
		}
		if len(rows) != len(p.Truth.Rows) {
			t.Fatalf("the document has %d rows, the truth %d", len(rows), len(p.Truth.Rows))
		}
		for i, r := range rows {
			amount, err := money.Parse(r.amount)
			if err != nil {
				t.Fatal(err)
			}
			if r.direction == "DEBITO" {
				amount = -amount
			}
			if told := &p.Truth.Rows[i]; told.ID != r.id || told.Cents*100 != int64(amount) {
				t.Fatalf("row %d is %v in the document and %+v in truth", i, r, *told)
			}
		}
	})
}

func TestBalancesAddUp(t *testing.T) {
	eachPerson(t, func(t *testing.T, p *sandbox.Person, doc *openfinance.Document) {
		for i := range p.Truth.Accounts {
			checkBalances(t, p, i, &doc.Accounts[i])
		}
	})
}

// checkBalances walks back from the balance that was sent through the rows that count.
func checkBalances(t *testing.T, p *sandbox.Person, i int, sent *openfinance.Account) {
	t.Helper()
	a := &p.Truth.Accounts[i]
	from, reliable := parse(t, a.From), parse(t, a.ReliableFrom)
	moved := make([]int64, len(a.EndOfDay))
	for _, row := range p.Truth.Rows {
		if row.Holder == a.ID && row.Standing == sandbox.StandingCounted {
			moved[parse(t, row.Day)-from] += row.Cents
		}
	}
	last := len(a.EndOfDay) - 1
	if available, err := money.Parse(sent.Balances.Available.Amount); err != nil || int64(available) != a.EndOfDay[last]*100 {
		t.Errorf("%s: %s is sent as balance, %d cents are there", a.ID, sent.Balances.Available.Amount, a.EndOfDay[last])
	}
	balance := a.EndOfDay[last]
	for d := last; d >= int(reliable-from); d-- {
		if balance != a.EndOfDay[d] {
			t.Fatalf("%s (%s): the balance of %s is %d by its rows and %d in truth", a.ID, a.Bank, from+calendar.Day(d), balance, a.EndOfDay[d])
		}
		balance -= moved[d]
	}
	if reliable == from && balance != a.Opening {
		t.Errorf("%s: opening %d by its rows, %d in truth", a.ID, balance, a.Opening)
	}
	floor := money.Amount(0)
	if limits := sent.OverdraftLimits; limits != nil {
		floor, _ = money.Parse(limits.Contracted.Amount)
	}
	if lowest := slices.Min(a.EndOfDay); lowest*100 < -int64(floor) {
		t.Errorf("%s: %d cents lie below the overdraft limit of %s", a.ID, lowest, floor)
	}
}

func parse(t *testing.T, s string) calendar.Day {
	t.Helper()
	d, ok := calendar.ParseDay(s)
	if !ok {
		t.Fatalf("%q is no day", s)
	}
	return d
}

func TestTruthRefersToWhatIsThere(t *testing.T) {
	eachPerson(t, func(t *testing.T, p *sandbox.Person, _ *openfinance.Document) {
		truth := &p.Truth
		counted := map[int]*sandbox.Row{}
		paths := map[string]bool{}
		for i := range truth.Rows {
			row := &truth.Rows[i]
			paths[row.Path] = true
			if row.Standing == sandbox.StandingCounted {
				if counted[row.Real] != nil {
					t.Fatalf("%s and %s both count", counted[row.Real].Path, row.Path)
				}
				counted[row.Real] = row
			}
		}
		has := func(what string, real int, role string) {
			t.Helper()
			if real == 0 {
				return
			}
			row := counted[real]
			if row == nil {
				t.Errorf("%s: no row tells the movement %d", what, real)
			} else if role != "" && row.Role != role {
				t.Errorf("%s: %s has the role %s, not %s", what, row.Path, row.Role, role)
			}
		}
		for i := range truth.Rows {
			row := &truth.Rows[i]
			if row.DuplicateOf != "" && !paths[row.DuplicateOf] {
				t.Errorf("%s is a duplicate of %s, which is nowhere", row.Path, row.DuplicateOf)
			}
			has(row.Path+" pair", row.Pair, row.Role)
			has(row.Path+" original", row.Original, "")
		}
		for _, x := range truth.Transfers {
			has("transfer from", x.From, sandbox.RoleOwnTransfer)
			has("transfer to", x.To, sandbox.RoleOwnTransfer)
			if x.From != 0 && x.To != 0 && counted[x.From].Cents != -counted[x.To].Cents {
				t.Errorf("the legs of a transfer on %s are not equal", x.Day)
			}
		}
		for _, x := range truth.Refunds {
			has("refund", x.Refund, sandbox.RoleReversal)
			has("original", x.Original, "")
		}
		for _, c := range truth.Contracts {
			has("disbursement", c.Disbursement, sandbox.RoleContract)
			for _, x := range c.Instalments {
				has("instalment", x.Real, sandbox.RoleContract)
			}
		}
		for _, plan := range truth.Plans {
			var sum int64
			for n, amount := range plan.Amounts {
				sum += amount
				has(plan.ID, plan.Reals[n], "")
			}
			if sum != plan.Cents || len(plan.Amounts) != plan.Count || len(plan.Months) != plan.Count {
				t.Errorf("%s does not add up", plan.ID)
			}
		}
		for _, b := range truth.Bills {
			for _, x := range b.Payments {
				has("payment", x.Debit, sandbox.RoleBillPayment)
				has("payment line", x.Line, sandbox.RoleBillPayment)
			}
		}
	})
}

// A bill asks for its lines, but a line that tells a whole price counts with the
// instalment of the month, payments do not count, and what was paid too much of
// the bill before is taken off.
func TestBillsAddUp(t *testing.T) {
	eachPerson(t, func(t *testing.T, p *sandbox.Person, _ *openfinance.Document) {
		counted := map[int]*sandbox.Row{}
		for i := range p.Truth.Rows {
			if row := &p.Truth.Rows[i]; row.Standing == sandbox.StandingCounted {
				counted[row.Real] = row
			}
		}
		credit := map[string]int64{} // by card, of the bill before
		for _, b := range p.Truth.Bills {
			if b.ID == "" {
				credit[b.Card] = overpaid(&b)
				continue
			}
			before, known := credit[b.Card]
			credit[b.Card] = overpaid(&b)
			total := -before
			if b.Carried > 0 && !carriedIsALine(counted, &b) {
				total += b.Carried
			}
			full := false
			for _, plan := range p.Truth.Plans {
				if full = full || plan.FullRow && plan.Card == b.Card; !plan.FullRow || plan.Card != b.Card {
					continue
				}
				for n, month := range plan.Months {
					if month == b.Closing[:7] {
						total += plan.Amounts[n]
					}
				}
			}
			for _, real := range b.Lines {
				row := counted[real]
				if row.Role != sandbox.RoleBillPayment && !(row.Plan != "" && full) {
					total -= row.Cents
				}
			}
			// Older bills may be outside the document: their credit is not known, nor
			// the plans that were bought before it begins.
			if total != b.Cents && known && !full {
				t.Errorf("the lines of bill %s (%s) add up to %d, it asks for %d", b.ID, b.Closing, total, b.Cents)
			}
		}
	})
}

func overpaid(b *sandbox.Bill) int64 {
	paid := int64(0)
	for _, p := range b.Payments {
		paid += p.Cents
	}
	return max(0, paid-b.Cents)
}

func carriedIsALine(counted map[int]*sandbox.Row, b *sandbox.Bill) bool {
	return slices.ContainsFunc(b.Lines, func(real int) bool { return counted[real].Kind == "revolving" })
}

// traps are what must occur somewhere among the people.
func TestEveryTrapOccurs(t *testing.T) {
	seen := map[string]int{}
	for _, p := range people() {
		note(seen, &p)
	}
	for _, trap := range []string{
		"balance line", "pending and posted", "future", "processing", "equal id in two lists", "resend with a new id", "without an id", "line under a bill and beside it",
		"true twins", "own transfer, two legs", "own transfer, one leg", "own transfer, ambiguous", "own transfer over midnight", "equal transfers on one day", "friend",
		"portability", "portability from outside", "top-up", "sweep itau", "sweep bradesco", "sweep bb", "sweep santander", "pot",
		"refund estorno, whole", "refund estorno, part", "refund pix-return, whole", "refund cashback, part", "refund returned-cheque, whole", "refund after 20 days", "refund of an earlier bill",
		"plan, full row", "plan, row by row", "plan, odd cents", "plan, refunded", "plan, still running",
		"bill paid here", "bill paid elsewhere", "bill paid in part", "bill unpaid", "bill carried on", "bill cost", "bill-instalment", "payment without a line",
		"contract", "contract of two brands", "contract past due", "overdraft", "overdraft-interest", "joint account", "lost row",
		"salary", "advance", "thirteenth", "vacation", "competence in another month", "betting", "winnings", "card-fee", "company", "person with a company", "exchange",
		"v1", "2.0", "2.1", "2.4", "2.5", "reserved balance",
	} {
		if seen[trap] == 0 {
			t.Errorf("nobody of %d people shows: %s", len(people()), trap)
		}
	}
	if t.Failed() {
		t.Log("there is: ", strings.Join(slices.Sorted(maps.Keys(seen)), ", "))
	}
}

// Every section that can be shared is there, and the holdings have movements.
func TestEverySectionOccurs(t *testing.T) {
	sections := map[string]int{}
	eachPerson(t, func(t *testing.T, p *sandbox.Person, doc *openfinance.Document) {
		for name, n := range map[string]int{
			"accounts": len(doc.Accounts), "creditCardsAccounts": len(doc.CreditCards), "loans": len(doc.Loans), "financings": len(doc.Financings),
			"invoiceFinancings": len(doc.InvoiceFinancings), "unarrangedAccountsOverdraft": len(doc.UnarrangedOverdraft), "exchanges": len(doc.Exchanges),
		} {
			sections[name] += n
		}
		for name, list := range map[string][]openfinance.Investment{
			"bankFixedIncomes": doc.BankFixedIncomes, "creditFixedIncomes": doc.CreditFixedIncomes, "variableIncomes": doc.VariableIncomes,
			"treasureTitles": doc.TreasureTitles, "funds": doc.Funds,
		} {
			for i := range list {
				sections[name] += len(list[i].Transactions)
				sections["transactions-current of holdings"] += len(list[i].TransactionsCurrent)
				sections["broker-notes"] += len(list[i].BrokerNotes)
				if len(list[i].Balances) != 1 {
					t.Errorf("%s: a holding has %d positions", name, len(list[i].Balances))
				}
			}
		}
	})
	for _, name := range []string{
		"accounts", "creditCardsAccounts", "loans", "financings", "invoiceFinancings", "unarrangedAccountsOverdraft", "exchanges", "bankFixedIncomes",
		"creditFixedIncomes", "variableIncomes", "treasureTitles", "funds", "transactions-current of holdings", "broker-notes",
	} {
		if sections[name] == 0 {
			t.Errorf("nobody of %d people has %s", len(people()), name)
		}
	}
}

// An entrepreneur's document tells a person and a company, and has accounts of
// both at banks of their own; no own transfer crosses between the two.
func TestEntrepreneursAreTwo(t *testing.T) {
	eachPerson(t, func(t *testing.T, p *sandbox.Person, doc *openfinance.Document) {
		if p.Persona != "entrepreneur" {
			return
		}
		if p.Truth.CPF == "" || p.Truth.CNPJ == "" || len(doc.PersonalIdentifications) == 0 || len(doc.BusinessIdentifications) == 0 {
			t.Fatal("the person or the company is not identified")
		}
		company, banks := map[string]bool{}, map[string]bool{}
		for _, a := range p.Truth.Accounts {
			company[a.ID] = a.Company
			if of, known := banks[a.Bank]; known && of != a.Company {
				t.Errorf("%s holds the accounts of both", a.Bank)
			}
			banks[a.Bank] = a.Company
		}
		holder, paid := map[int]string{}, false
		for _, row := range p.Truth.Rows {
			holder[row.Real] = row.Holder
			paid = paid || row.Kind == "owner" && row.Income != ""
		}
		for _, x := range p.Truth.Transfers {
			if x.From != 0 && x.To != 0 && company[holder[x.From]] != company[holder[x.To]] {
				t.Errorf("the own transfer of %s goes from the company to the person", x.Day)
			}
		}
		if !paid {
			t.Error("the company never pays its owner")
		}
	})
}

// note counts what a person shows.
func note(seen map[string]int, p *sandbox.Person) {
	byReal := map[int][]*sandbox.Row{}
	twins := map[string]bool{}
	banks := map[string]string{}
	for _, a := range p.Truth.Accounts {
		banks[a.ID] = a.Bank
		if a.Joint {
			seen["joint account"]++
		}
		if a.Company {
			seen["company"]++
			if p.Truth.CPF != "" {
				seen["person with a company"]++
			}
		}
		if a.ReliableFrom != a.From {
			seen["lost row"]++
		}
		if slices.Min(a.EndOfDay) < 0 {
			seen["overdraft"]++
		}
	}
	for i := range p.Truth.Rows {
		row := &p.Truth.Rows[i]
		seen[row.Kind]++
		if row.Standing == sandbox.StandingBalanceLine {
			seen["balance line"]++
			continue
		}
		if row.ID == "" {
			seen["without an id"]++
		}
		if row.Kind == "sweep" && slices.Contains([]string{"itau", "bradesco", "bb", "santander"}, banks[row.Holder]) {
			seen["sweep "+banks[row.Holder]]++
		} else if row.Kind == "sweep" {
			seen["pot"]++
		}
		if row.Competence != "" && row.Competence != row.Day[:7] {
			seen["competence in another month"]++
		}
		if row.Standing == sandbox.StandingCounted && row.Cents < 0 && row.Plan == "" {
			key := fmt.Sprint(row.Holder, row.Day, row.Cents, row.Kind)
			if twins[key] {
				seen["true twins"]++
			}
			twins[key] = true
		}
		byReal[row.Real] = append(byReal[row.Real], row)
	}
	for _, rows := range byReal {
		for _, other := range rows[1:] {
			switch nested := strings.Contains(rows[0].Path, "bills["); {
			case nested:
				seen["line under a bill and beside it"]++
			case rows[0].ID != "" && rows[0].ID == other.ID:
				seen["equal id in two lists"]++
			case rows[0].ID != "":
				seen["resend with a new id"]++
			}
		}
	}
	seen["pending and posted"] += strings.Count(string(p.Userdata), "TRANSACAO_PROCESSANDO")
	seen["processing"] += strings.Count(string(p.Userdata), "TRANSACAO_PROCESSANDO")
	seen["future"] += strings.Count(string(p.Userdata), "LANCAMENTO_FUTURO")
	noteVersions(seen, p)
	noteTransfers(seen, p)
	noteRefunds(seen, p, byReal)
	noteCards(seen, p)
	for _, c := range p.Truth.Contracts {
		seen["contract"]++
		if len(c.IDs) > 1 {
			seen["contract of two brands"]++
		}
		if c.PastDue > 0 {
			seen["contract past due"]++
		}
	}
}

// noteVersions tells versions by what only they write.
func noteVersions(seen map[string]int, p *sandbox.Person) {
	for version, mark := range map[string]string{
		"v1": `"transactionCurrency"`, "2.0": `"PARCELA_`, "2.1": `"transactionDate"`, "2.4": `"PAGAMENTO_FATURA"`, "2.5": `"typeAdditionalInfo"`,
		"reserved balance": `"TRANSFERENCIA_SALDO_RESERVADO"`,
	} {
		seen[version] += bytes.Count(p.Userdata, []byte(mark))
	}
}

func noteTransfers(seen map[string]int, p *sandbox.Person) {
	days := map[string]bool{}
	rows := map[int]*sandbox.Row{}
	for i := range p.Truth.Rows {
		rows[p.Truth.Rows[i].Real] = &p.Truth.Rows[i]
	}
	for _, x := range p.Truth.Transfers {
		key := fmt.Sprint(x.Day, x.Cents)
		if days[key] {
			seen["equal transfers on one day"]++
		}
		days[key] = true
		switch {
		case x.Ambiguous:
			seen["own transfer, ambiguous"]++
		case x.From == 0 || x.To == 0:
			seen["own transfer, one leg"]++
		default:
			seen["own transfer, two legs"]++
			if rows[x.From].Day != rows[x.To].Day && x.Kind == "own-transfer" {
				seen["own transfer over midnight"]++
			}
		}
	}
	if bytes.Contains(p.Userdata, []byte(`"PORTABILIDADE_SALARIO"`)) && !slices.ContainsFunc(p.Truth.Rows, func(r sandbox.Row) bool { return r.Kind == "portability" }) {
		seen["portability from outside"]++
	}
}

func noteRefunds(seen map[string]int, p *sandbox.Person, rows map[int][]*sandbox.Row) {
	for _, r := range p.Truth.Refunds {
		part := "part"
		if r.Whole {
			part = "whole"
		}
		seen["refund "+r.Kind+", "+part]++
		if r.Days > 20 {
			seen["refund after 20 days"]++
		}
		if r.Original != 0 && rows[r.Original][0].Bill != rows[r.Refund][0].Bill && rows[r.Original][0].Bill != "" {
			seen["refund of an earlier bill"]++
		}
	}
}

func noteCards(seen map[string]int, p *sandbox.Person) {
	for _, plan := range p.Truth.Plans {
		if plan.FullRow {
			seen["plan, full row"]++
		} else {
			seen["plan, row by row"]++
		}
		if plan.Amounts[0] != plan.Amounts[plan.Count-1] {
			seen["plan, odd cents"]++
		}
		if plan.Refunded {
			seen["plan, refunded"]++
		}
		if plan.Billed < plan.Count {
			seen["plan, still running"]++
		}
	}
	for _, b := range p.Truth.Bills {
		paid := int64(0)
		for _, x := range b.Payments {
			paid += x.Cents
			switch {
			case x.Debit != 0:
				seen["bill paid here"]++
			case b.ID != "":
				seen["bill paid elsewhere"]++
			}
			if x.Line == 0 {
				seen["payment without a line"]++
			}
		}
		switch {
		case b.Cents > 0 && paid == 0:
			seen["bill unpaid"]++
		case paid < b.Cents:
			seen["bill paid in part"]++
		}
		if b.Carried > 0 {
			seen["bill carried on"]++
		}
		if b.Cost > 0 {
			seen["bill cost"]++
		}
	}
}

func TestEveryPersonaIsAnalysed(t *testing.T) {
	for n, name := range sandbox.Personas() {
		p := sandbox.Generate(name, 3, n, end)
		a, err := klaas.Analyze(p.Userdata, klaas.Options{
			Products: []string{"all"}, AsOf: end.String(), Received: time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC),
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		made := 0
		for _, r := range a.Reports {
			if r.Code == 200 {
				made++
			}
		}
		if made < 8 {
			t.Errorf("%s: only %d of %d reports could be made", name, made, len(a.Reports))
		}
	}
}

func TestIncomeIsWhatCameIn(t *testing.T) {
	eachPerson(t, func(t *testing.T, p *sandbox.Person, _ *openfinance.Document) {
		sums := map[string]map[string]int64{}
		for _, row := range p.Truth.Rows {
			if row.Standing != sandbox.StandingCounted || row.Income == "" {
				continue
			}
			if sums[row.Day[:7]] == nil {
				sums[row.Day[:7]] = map[string]int64{}
			}
			sums[row.Day[:7]][row.Income] += row.Cents
		}
		for _, month := range p.Truth.Incomes {
			if want := sums[month.Month]; !maps.Equal(want, month.Calendar) && len(want)+len(month.Calendar) > 0 {
				t.Errorf("%s: rows say %v, the truth %v", month.Month, want, month.Calendar)
			}
		}
	})
}

// Portability carries a 13th on as it carries wages, and nothing tells it from them.
func TestAThirteenthIsABonusWhereItIsTold(t *testing.T) {
	told := map[string]int{}
	eachPerson(t, func(t *testing.T, p *sandbox.Person, doc *openfinance.Document) {
		var types []string // of the rows, which begin with those of accounts
		for i := range doc.Accounts {
			for _, list := range [][]openfinance.Transaction{doc.Accounts[i].Transactions, doc.Accounts[i].TransactionsCurrent} {
				for j := range list {
					types = append(types, list[j].Type)
				}
			}
		}
		for i := range types {
			row := &p.Truth.Rows[i]
			if row.Kind != "thirteenth" || row.Income == "" {
				continue
			}
			want := "BONUS"
			if types[i] == "PORTABILIDADE_SALARIO" {
				want = "REGULAR_SALARY"
			}
			if told[want]++; row.Income != want {
				t.Errorf("%s of %s is %s, want %s", row.Path, types[i], row.Income, want)
			}
		}
	})
	if told["BONUS"] == 0 || told["REGULAR_SALARY"] == 0 {
		t.Errorf("there were %v", told)
	}
}

// A series is rows of one kind in one direction, of nothing between own accounts, and
// unless it is left open its days keep its rhythm.
func TestSeriesKeepTheirRhythm(t *testing.T) {
	told := map[string]int{}
	for _, p := range people() {
		rows := map[int]*sandbox.Row{}
		for i := range p.Truth.Rows {
			if row := &p.Truth.Rows[i]; row.Standing == sandbox.StandingCounted {
				rows[row.Real] = row
			}
		}
		seen := map[int]bool{}
		for _, s := range p.Truth.Series {
			name := fmt.Sprintf("%s/%d: %s", p.Persona, p.Truth.N, s.Kind)
			var days []calendar.Day
			for _, real := range s.Reals {
				row := rows[real]
				if row == nil || seen[real] || row.Kind != s.Kind || row.Cents > 0 != (rows[s.Reals[0]].Cents > 0) {
					t.Fatalf("%s has the row %+v", name, row)
				}
				seen[real] = true
				switch row.Role {
				case sandbox.RoleNone, sandbox.RoleReversed, sandbox.RoleContract:
				default:
					t.Errorf("%s has a row of role %s", name, row.Role)
				}
				day, _ := calendar.ParseDay(row.Day)
				days = append(days, day)
			}
			if s.Open {
				continue
			}
			told[s.Rhythm]++
			slices.Sort(days)
			days = slices.Compact(days)
			most := map[string]calendar.Day{sandbox.Weekly: 8, sandbox.Monthly: 35, sandbox.Yearly: 380}[s.Rhythm]
			within := 0
			for i := 1; i < len(days); i++ {
				if days[i]-days[i-1] <= most {
					within++
				}
			}
			if 2*within < len(days)-1 {
				t.Errorf("%s, %s: %v", name, s.Rhythm, days)
			}
		}
	}
	if told[sandbox.Monthly] < 1000 || told[sandbox.Weekly] < 10 {
		t.Errorf("there are %v", told)
	}
}
