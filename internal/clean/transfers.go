package clean

import (
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// markOwnTransfers finds the money that a person moves between accounts of their
// own: it is neither income nor spending, and both sides may be in the document.
//
// A leg is an effective entry of an account that went over a rail between
// accounts (PIX, TED, DOC, inside one bank; OUTROS with the words of a transfer)
// and is nothing else by its text: no refund, wage, loan, bill, boleto, fee,
// cash or investment. What a leg tells of its counterparty:
//
//	own     its document, its account in the document, the six open digits of
//	        a masked CPF, MESMA TITULARIDADE, or the whole civil name (three
//	        words of it where the text is cut)
//	likely  several words of the name; namesakes exist
//	maybe   the first name alone, or ENTRE CONTAS
//	silent  nothing
//	other   the document, or by name alone, of somebody else
//
// Money transferred into a savings account or out of it (TRANSF P/ POUPANCA) is
// such a leg as well, but only together with its other side: where the savings
// account is not in the document, it is saving and keeps that meaning. So does
// always what the bank calls an application or a redemption (APLICACAO POUPANCA,
// RESG POUP), but for how the savings account itself calls its own side.
//
// Two legs may be one transfer when they stand in two accounts of one holder,
// in opposite directions, with equal amount, over one rail, at most one day
// apart (a TED also over days without settlement), neither names somebody else,
// and what each tells of the other bank, account or payment agrees. Which pairs
// are made is in pairs.go: only those that are the single choice of both legs.
//
// An own leg that finds no partner is an own transfer of one leg: its other side
// is an account outside the document, or cannot be told from others. All other
// legs without a partner keep no role.
func markOwnTransfers(l *ledger.Ledger, _ Options) {
	if len(l.Accounts) == 0 {
		return
	}
	f := newLegFinder(l)
	legs := f.legs()
	m := pairer{l: l, legs: legs}
	m.pairAll()
	for i := range legs {
		if g := &legs[i]; g.partner < 0 && g.tells == own && !g.savings && free(l, &l.Movements[g.at]) {
			setRole(&l.Movements[g.at], ledger.RoleOwnTransfer, g.reason)
		}
	}
	addLinks(l, m.links)
}

// notTransfer are the signs of entries that are something else than a transfer
// between accounts.
const notTransfer = text.SaysPortability | text.SaysSalary | text.SaysRefund | text.SaysCashback | text.SaysSweep |
	text.SaysPot | text.SaysInvestment | text.SaysYield | text.SaysTax | text.SaysCharge | text.SaysCardBill |
	text.SaysBoleto | text.SaysLoan | text.SaysCash | text.SaysCheque

// rail is how money goes from account to account.
type rail uint8

const (
	unknownRail rail = iota
	pix
	ted
	doc
	internal
)

// tells says what a leg tells of its counterparty.
type tells uint8

const (
	other tells = iota
	silent
	maybe
	likely
	own
)

// leg is one side of a transfer.
type leg struct {
	at      int32
	account int32
	partner int32 // index of the leg at the other side; -1
	amount  money.Amount
	day     calendar.Day
	instant int64
	timed   bool
	exact   bool // the time is that of the entry, not of its text, which tells minutes
	credit  bool
	savings bool // it tells of a savings account, or stands in one
	rail    rail
	tells   tells
	named   int32  // the account of the document that it names as counterparty; -1
	bank    string // ISPB of the counterparty's bank; "" when unknown
	payment string // end-to-end id; ""
	reason  string // why it is own
}

// legFinder reads legs out of entries.
type legFinder struct {
	l               *ledger.Ledger
	person, company holder
	accounts        map[string][]int32 // by number
	words           []string           // a buffer
}

func newLegFinder(l *ledger.Ledger) *legFinder {
	f := &legFinder{l: l, accounts: make(map[string][]int32), words: make([]string, 0, 32)}
	f.person, f.company = holdersOf(l)
	for i := range l.Accounts {
		a := l.Accounts[i].Source
		number := strings.TrimLeft(a.Number, "0")
		if len(number) < shortestNumber {
			continue
		}
		f.accounts[number] = append(f.accounts[number], int32(i))
		if a.CheckDigit != "" {
			f.accounts[number+a.CheckDigit] = append(f.accounts[number+a.CheckDigit], int32(i))
		}
	}
	return f
}

// shortestNumber of an account that says anything.
const shortestNumber = 3

// legs returns the legs of all accounts, in document order. Those that tell of
// somebody else are left out unless some leg names an account of the document.
func (f *legFinder) legs() []leg {
	var legs []leg
	named := false
	for i := range f.l.Accounts {
		a := &f.l.Accounts[i]
		own := &f.person
		if a.Company {
			own = &f.company
		}
		for at := a.First; at < a.End; at++ {
			m := &f.l.Movements[at]
			if m.Signs&(notTransfer&^text.SaysInvestment) != 0 || !free(f.l, m) {
				continue
			}
			if g, ok := f.leg(own, int32(i), m); ok {
				g.at = at
				named = named || g.named >= 0
				legs = append(legs, g)
			}
		}
	}
	if !named {
		legs = slices.DeleteFunc(legs, func(g leg) bool { return g.tells == other })
	}
	return legs
}

// railOf returns how the money of an entry went; false when it did not go from
// account to account.
func railOf(m *ledger.Movement) (r rail, ok bool) {
	switch m.Entry.Type {
	case "PIX":
		return pix, true
	case "TED":
		return ted, true
	case "DOC":
		return doc, true
	case "TRANSFERENCIA_MESMA_INSTITUICAO":
		return internal, true
	case "FOLHA_PAGAMENTO", "PORTABILIDADE_SALARIO", "BOLETO", "CONVENIO_ARRECADACAO", "PACOTE_TARIFA_SERVICOS",
		"TARIFA_SERVICOS_AVULSOS", "DEPOSITO", "SAQUE", "CARTAO", "ENCARGOS_JUROS_CHEQUE_ESPECIAL",
		"RENDIMENTO_APLIC_FINANCEIRA", "RESGATE_APLIC_FINANCEIRA", "OPERACAO_CREDITO", "TRANSFERENCIA_SALDO_RESERVADO":
		return unknownRail, false
	}
	switch says := m.Signs; {
	case says&text.SaysPix != 0:
		return pix, true
	case says&text.SaysTed != 0:
		return ted, true
	case says&text.SaysInternal != 0:
		return internal, true
	default:
		return unknownRail, says&(text.SaysTransfer|text.SaysSameHolder) != 0
	}
}

// leg reads one entry. It is none when it names somebody else by document, or
// went over no rail between accounts.
func (f *legFinder) leg(who *holder, account int32, m *ledger.Movement) (leg, bool) {
	rail, ok := railOf(m)
	inSavings := f.l.Accounts[account].Kind == ledger.Savings
	invests := m.Signs&text.SaysInvestment != 0
	savings := m.Signs&text.SaysSavings != 0 || invests && inSavings
	if savings && (!ok || rail == unknownRail) && besideAccount(m.Entry.Type) {
		rail, ok = internal, true
	}
	if !ok || invests && !inSavings {
		return leg{}, false
	}
	taxID := knownTaxID(m)
	if taxID != "" && !who.owns(taxID) {
		return leg{}, false
	}
	written := noTaxID
	if taxID == "" {
		if written = who.taxIDInText(m.Text); written == otherTaxID {
			return leg{}, false
		}
	}
	g := leg{
		account: account, partner: -1, amount: m.Amount, day: m.Day, instant: m.Instant, timed: m.Timed, exact: m.Timed,
		credit: m.Direction == ledger.Credit, savings: savings, rail: rail,
	}
	if !g.timed {
		g.instant, g.timed = timeInText(m.Text, m.Day)
	}
	g.bank = ispbOf(m.Entry.PartieCompeCode)
	if g.bank == "" {
		g.bank = bankInText(m.Text)
	}
	g.named = f.named(account, g.bank, m)
	said := m.Text
	if rail == pix {
		if g.payment = paymentID(said); g.payment != "" {
			said = strings.Replace(said, g.payment, "", 1)
		}
	}
	name := who.named(said, f.words[:0])
	switch {
	case taxID != "":
		g.tells, g.reason = own, "own-transfer/document"
	case g.named >= 0:
		g.tells, g.reason = own, "own-transfer/account"
	case written == ownTaxID:
		g.tells, g.reason = own, "own-transfer/written-document"
	case m.Signs&text.SaysSameHolder != 0:
		g.tells, g.reason = own, "own-transfer/text"
	case name == fullName:
		g.tells, g.reason = own, "own-transfer/name"
	case name == likeName:
		g.tells = likely
	case name == elsewhere, m.Entry.PartiePersonType == otherKind(account, f.l):
		g.tells = other
	case name == firstName, savings, m.Signs&text.SaysInternal != 0 && rail == internal:
		g.tells = maybe
	default:
		g.tells = silent
	}
	if m.Signs&text.SaysPurchase != 0 && g.tells != own {
		return leg{}, false // a payment to a shop, whose name the text may leave out
	}
	return g, true
}

// besideAccount reports whether a type leaves room for money that went into a
// savings account or out of it.
func besideAccount(ofbType string) bool {
	return ofbType == "OUTROS" || ofbType == "" || ofbType == "RESGATE_APLIC_FINANCEIRA" || ofbType == "DEPOSITO"
}

// otherKind is the partiePersonType that the holder of an account is not.
func otherKind(account int32, l *ledger.Ledger) string {
	if l.Accounts[account].Company {
		return "PESSOA_NATURAL"
	}
	return "PESSOA_JURIDICA"
}

// named returns the account of the document that an entry names as the other
// side, by number and, as far as they are told, bank and branch; -1 when it
// names none, several, or itself.
func (f *legFinder) named(account int32, bank string, m *ledger.Movement) int32 {
	number, branch := m.Entry.PartieNumber+m.Entry.PartieCheckDigit, m.Entry.PartieBranchCode
	if m.Entry.PartieNumber == "" {
		number, branch = accountInText(m.Text), ""
	}
	found := f.lookup(account, bank, branch, number)
	if found < 0 && m.Entry.PartieCheckDigit != "" {
		found = f.lookup(account, bank, branch, m.Entry.PartieNumber)
	}
	return found
}

func (f *legFinder) lookup(account int32, bank, branch, number string) int32 {
	found := int32(-1)
	for _, i := range f.accounts[strings.TrimLeft(number, "0")] {
		a := f.l.Accounts[i].Source
		switch {
		case i == account || f.l.Accounts[i].Company != f.l.Accounts[account].Company:
		case bank != "" && !atBank(&f.l.Accounts[i], bank):
		case bank == "" && len(number) < longNumber:
		case branch != "" && a.BranchCode != "" && strings.TrimLeft(branch, "0") != strings.TrimLeft(a.BranchCode, "0"):
		case found >= 0 && found != i:
			return -1
		default:
			found = i
		}
	}
	return found
}

// longNumber of an account is told apart without its bank.
const longNumber = 6

// atBank reports whether an account is at the bank with this ISPB.
func atBank(a *ledger.Account, ispb string) bool {
	return institution.Root(a.Source.CompanyCNPJ) == ispb || ispbOf(a.Source.CompeCode) == ispb
}
