package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// linkContracts lists the credit contracts, each real one once, and finds the
// movements that belong to them: the disbursement and the instalments paid from
// an account. They get the role of a contract and are tied to each other.
//
// Contracts of one ipocCode are one operation that two brands show. An entry can
// belong to a contract when its type is that of credit operations, its text
// tells of a loan, or its counterparty is the lender. Of such entries
//
//   - the disbursement is the credit of the contract's amount at most 5 days from
//     its date or a disbursement date, or the only credit there of at least 80 %
//     of it, as taxes and insurance may be kept back;
//   - an instalment is the debit of the amount of a listed payment, at most 5 days
//     from it; or, of a contract that lists none, a debit after its date that says
//     it is of a loan and went to the contract's institution, which has no other.
//
// Revolving credit has neither. In a replay contracts and payments after D do
// not exist.
func linkContracts(l *ledger.Ledger, _ Options) {
	c := contractLinker{l: l}
	c.read()
	if len(l.Contracts) == 0 {
		return
	}
	c.readEntries()
	for i := range l.Contracts {
		c.disbursement(int32(i))
	}
	for i := range l.Contracts {
		c.released(int32(i))
	}
	c.unlisted()
	for i := range l.Contracts {
		c.tie(&l.Contracts[i])
	}
	addLinks(l, c.links)
}

const (
	maxContractDays = 5  // between the tellings of one payment
	leastPaidOut    = 80 // per cent of the contract's amount
)

type contractLinker struct {
	l       *ledger.Ledger
	first   []int32             // of each contract: the first one of its ipocCode
	credits []int32             // free entries that may belong to a contract, by day
	debits  []int32             // the same
	exact   map[payment][]int32 // the same entries by what a contract may tell of them
	lender  map[int32]bool      // entries whose counterparty is a lender
	links   []ledger.Link
}

// payment is what a contract tells of an entry.
type payment struct {
	direction ledger.Direction
	amount    money.Amount
	day       calendar.Day
}

// read lists the contracts.
func (c *contractLinker) read() {
	doc := c.l.Document
	h := newHolders(c.l)
	byIPOC := make(map[string]int32)
	for kind, list := range [...][]openfinance.Contract{
		ledger.Loan: doc.Loans, ledger.Financing: doc.Financings,
		ledger.InvoiceFinancing: doc.InvoiceFinancings, ledger.UnarrangedOverdraft: doc.UnarrangedOverdraft,
	} {
		for i := range list {
			source := &list[i]
			if c.l.Replay && dayOfBill(source.ContractDate) > c.l.Day {
				continue
			}
			at := int32(len(c.l.Contracts))
			same := int32(-1)
			if earlier, known := byIPOC[source.IpocCode]; known && source.IpocCode != "" {
				same = earlier
			} else {
				byIPOC[source.IpocCode] = at
			}
			first := at
			if same >= 0 {
				first = same
			}
			c.first = append(c.first, first)
			where := h.institution(source.CompanyCNPJ, "", source.BrandName)
			c.l.Institutions[where].Contracts = append(c.l.Institutions[where].Contracts, at)
			c.l.Contracts = append(c.l.Contracts, ledger.Contract{
				Source: asOf(c.l, source), Kind: ledger.ContractKind(kind),
				Institution: where, Company: h.company.holds(source.CompanyCNPJ, source.BrandName),
				Same: same, Disbursement: -1,
			})
		}
	}
}

// asOf returns the contract, in a replay without the payments after D.
func asOf(l *ledger.Ledger, source *openfinance.Contract) *openfinance.Contract {
	later := func(r openfinance.Release) bool { return dayOfBill(r.PaidDate) > l.Day }
	if !l.Replay || source.Payments == nil || !slices.ContainsFunc(source.Payments.Releases, later) {
		return source
	}
	cut, payments := *source, *source.Payments
	payments.Releases = slices.DeleteFunc(slices.Clone(payments.Releases), later)
	cut.Payments = &payments
	return &cut
}

// readEntries lists the entries that may belong to a contract.
func (c *contractLinker) readEntries() {
	lenders := make(map[string]bool)
	for i := range c.l.Contracts {
		if root := institution.Root(c.l.Contracts[i].Source.CompanyCNPJ); root != "" {
			lenders[root] = true
		}
	}
	c.lender = make(map[int32]bool)
	for i := range c.l.Accounts {
		a := &c.l.Accounts[i]
		for at := a.First; at < a.End; at++ {
			m := &c.l.Movements[at]
			if !free(c.l, m) || m.Signs&text.SaysRefund != 0 {
				continue
			}
			partie := m.PartieTaxID()
			fromLender := partie != "" && lenders[institution.Root(partie)]
			if !tellsOfLoan(m) && !fromLender {
				continue
			}
			if fromLender {
				c.lender[at] = true
			}
			if m.Direction == ledger.Credit {
				c.credits = append(c.credits, at)
			} else {
				c.debits = append(c.debits, at)
			}
		}
	}
	byDay := func(x, y int32) int { return cmp.Compare(c.l.Movements[x].Day, c.l.Movements[y].Day) }
	slices.SortStableFunc(c.credits, byDay)
	slices.SortStableFunc(c.debits, byDay)
	c.exact = make(map[payment][]int32)
	for _, at := range slices.Concat(c.credits, c.debits) {
		m := &c.l.Movements[at]
		p := payment{m.Direction, m.Amount, m.Day}
		c.exact[p] = append(c.exact[p], at)
	}
}

// open returns the first entry of a payment that no contract has yet, -1 for none.
func (c *contractLinker) open(p payment) int32 {
	list := c.exact[p]
	for len(list) > 0 && c.l.Movements[list[0]].Role != ledger.RoleNone {
		list = list[1:]
		c.exact[p] = list
	}
	if len(list) == 0 {
		return -1
	}
	return list[0]
}

// tellsOfLoan reports whether an entry itself says that it is of a loan.
func tellsOfLoan(m *ledger.Movement) bool {
	return m.Entry.Type == "OPERACAO_CREDITO" || m.Signs&text.SaysLoan != 0
}

// near returns the entries of a list at most 5 days from a day.
func (c *contractLinker) near(list []int32, day calendar.Day) []int32 {
	position := func(d calendar.Day) int {
		at, _ := slices.BinarySearchFunc(list, d, func(i int32, d calendar.Day) int { return cmp.Compare(c.l.Movements[i].Day, d) })
		return at
	}
	return list[position(day-maxContractDays):position(day+maxContractDays+1)]
}

// disbursement finds the credit that paid a contract out.
func (c *contractLinker) disbursement(i int32) {
	contract := &c.l.Contracts[i]
	first := &c.l.Contracts[c.first[i]]
	amount, err := money.Parse(contract.Source.Amount)
	if contract.IsRevolving() || first.Disbursement >= 0 || err != nil || amount <= 0 {
		return
	}
	var days []calendar.Day
	for _, date := range append([]string{contract.Source.ContractDate}, contract.Source.DisbursementDates...) {
		if day := dayOfBill(date); day != calendar.None {
			days = append(days, day)
		}
	}
	for _, day := range days {
		for d := day - maxContractDays; d <= day+maxContractDays; d++ {
			if at := c.open(payment{ledger.Credit, amount, d}); at >= 0 {
				c.payOut(first, at, "contract/disbursement")
				return
			}
		}
	}
	net := int32(-1)
	for _, day := range days {
		for _, at := range c.near(c.credits, day) {
			m := &c.l.Movements[at]
			if m.Role != ledger.RoleNone || at == net || m.Amount >= amount || m.Amount/leastPaidOut < amount/100 {
				continue
			}
			if net >= 0 {
				return // Either may be it.
			}
			net = at
		}
	}
	if net >= 0 {
		c.payOut(first, net, "contract/net-disbursement")
	}
}

func (c *contractLinker) payOut(contract *ledger.Contract, at int32, reason string) {
	contract.Disbursement = at
	setRole(&c.l.Movements[at], ledger.RoleContract, reason)
}

// released finds the debits of the payments that a contract lists, the nearest
// in days first.
func (c *contractLinker) released(i int32) {
	source := c.l.Contracts[i].Source
	first := &c.l.Contracts[c.first[i]]
	if source.Payments == nil {
		return
	}
	for k := range source.Payments.Releases {
		release := &source.Payments.Releases[k]
		amount, err := money.Parse(release.Amount)
		day := dayOfBill(release.PaidDate)
		if err != nil || amount <= 0 || day == calendar.None || day > c.l.Day {
			continue
		}
		if found := c.nearest(amount, day); found >= 0 {
			c.pay(first, found, release, "contract/release")
		}
	}
}

// nearest returns the open debit of an amount that is nearest to a day, of two the
// older one; -1 for none.
func (c *contractLinker) nearest(amount money.Amount, day calendar.Day) int32 {
	for away := range calendar.Day(maxContractDays + 1) {
		for _, d := range [...]calendar.Day{day - away, day + away} {
			if at := c.open(payment{ledger.Debit, amount, d}); at >= 0 {
				return at
			}
		}
	}
	return -1
}

func (c *contractLinker) pay(contract *ledger.Contract, at int32, release *openfinance.Release, reason string) {
	m := &c.l.Movements[at]
	setRole(m, ledger.RoleContract, reason)
	contract.Instalments = append(contract.Instalments, ledger.ContractInstalment{
		Movement: at, Release: release, Day: m.Day, Amount: m.Amount,
	})
}

// unlisted gives the debits that an institution took to its contract, where it
// has one only that lists no payments.
func (c *contractLinker) unlisted() {
	only := make(map[string]int32) // by root: the one contract, -1 for several
	for i := range c.l.Contracts {
		contract := &c.l.Contracts[i]
		if contract.IsRevolving() || contract.Same >= 0 {
			continue
		}
		root := institution.Root(contract.Source.CompanyCNPJ)
		if _, known := only[root]; known {
			only[root] = -1
			continue
		}
		only[root] = int32(i)
	}
	for _, at := range c.debits {
		m := &c.l.Movements[at]
		root := c.l.Institutions[c.l.Accounts[m.Holder].Institution].Root
		if c.lender[at] {
			root = institution.Root(m.PartieTaxID())
		}
		i, known := only[root]
		if !known || i < 0 || m.Role != ledger.RoleNone || !tellsOfLoan(m) || m.Signs&(text.SaysTax|text.SaysCharge) != 0 {
			continue
		}
		contract := &c.l.Contracts[i]
		if p := contract.Source.Payments; p != nil && len(p.Releases) > 0 {
			continue
		}
		start, settled := dayOfBill(contract.Source.ContractDate), dayOfBill(contract.Source.SettlementDate)
		if start == calendar.None || m.Day <= start || settled != calendar.None && m.Day > settled+maxContractDays {
			continue
		}
		c.pay(contract, at, nil, "contract/only-contract")
	}
}

// tie ties the disbursement of a contract to its instalments, or where it is not
// known the first of them to the others.
func (c *contractLinker) tie(contract *ledger.Contract) {
	slices.SortStableFunc(contract.Instalments, func(x, y ledger.ContractInstalment) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Movement, y.Movement))
	})
	from := contract.Disbursement
	for i := range contract.Instalments {
		paid := &contract.Instalments[i]
		if from < 0 {
			from = paid.Movement
			continue
		}
		sureness := uint16(980)
		if paid.Release == nil {
			sureness = 850
		}
		c.links = append(c.links, ledger.Link{
			Kind: ledger.LinkContract, From: from, To: paid.Movement, Amount: paid.Amount,
			Reason: c.l.Movements[paid.Movement].RoleReason, Sureness: sureness,
		})
	}
}
