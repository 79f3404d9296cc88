package clean

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// markSweeps marks money that moves between an account and what the bank keeps
// beside it: it never left the person and is neither spending nor income.
//
// Rule: an entry whose text names
//
//   - an automatic application of the bank (RENDE FACIL, CONTAMAX, INVEST FACIL,
//     APLIC AUT MAIS, APLICACAO AUTOMATICA …), in both directions;
//   - money set apart inside the account (COFRINHO, CAIXINHA, DINHEIRO GUARDADO,
//     DINHEIRO RESERVADO), which stays at hand at any time;
//   - an RDB in a payment account: such an account may not pay interest, so its
//     institution keeps the balance in deposit receipts with daily liquidity. An
//     RDB in a deposit account is a term investment and no sweep.
//
// Words of tax and of yield come first: IRRF S/ RESGATE is tax, REND PAGO APLIC
// AUT MAIS is income. An entry over a payment rail (PIX, TED, boleto, card), or
// with somebody else's document, goes to another party whatever its text says.
//
// An application and the redemption of equal amount that follows are linked as a
// pair where each is the other's only partner; the rest of an account's sweeps
// of one kind are linked into a series, each with the next.
func markSweeps(l *ledger.Ledger, _ Options) {
	s := sweeper{l: l}
	s.person, s.company = holdersOf(l)
	for i := range l.Accounts {
		s.account(&l.Accounts[i])
	}
	addLinks(l, s.links)
}

type sweeper struct {
	l               *ledger.Ledger
	person, company holder
	series          [2][]int32 // of the account: automatic, set apart
	links           []ledger.Link
}

func (s *sweeper) account(a *ledger.Account) {
	s.series[0], s.series[1] = s.series[0][:0], s.series[1][:0]
	for _, at := range a.Newest {
		m := &s.l.Movements[at]
		if m.Signs&(text.SaysSweep|text.SaysPot|text.SaysRDB) == 0 || !free(s.l, m) || !s.staysInside(a, m) {
			continue
		}
		switch {
		case m.Signs&(text.SaysTax|text.SaysYield) != 0:
		case m.Signs&text.SaysSweep != 0:
			setRole(m, ledger.RoleSweep, "sweep/automatic")
			s.series[0] = append(s.series[0], at)
		case m.Signs&text.SaysPot != 0:
			setRole(m, ledger.RoleSweep, "sweep/set-apart")
			s.series[1] = append(s.series[1], at)
		case a.Kind == ledger.Prepaid:
			setRole(m, ledger.RoleSweep, "sweep/deposit-receipt")
			s.series[1] = append(s.series[1], at)
		}
	}
	for _, newest := range s.series {
		s.link(newest)
	}
}

// staysInside reports whether an entry may be one between the account and what
// the bank keeps beside it.
func (s *sweeper) staysInside(a *ledger.Account, m *ledger.Movement) bool {
	switch m.Entry.Type {
	case "PIX", "TED", "DOC", "BOLETO", "CARTAO", "SAQUE", "CONVENIO_ARRECADACAO", "RENDIMENTO_APLIC_FINANCEIRA",
		"PACOTE_TARIFA_SERVICOS", "TARIFA_SERVICOS_AVULSOS", "ENCARGOS_JUROS_CHEQUE_ESPECIAL", typePayroll, typePortability:
		return false
	}
	id := knownTaxID(m)
	own := &s.person
	if a.Company {
		own = &s.company
	}
	return id == "" || own.owns(id) || sameParty(id, a.Source.CompanyCNPJ)
}

// maxSweepDays is how long after an application a redemption of equal amount is
// taken for that of this money.
const maxSweepDays = 30

// link ties the sweeps of one kind in one account, given newest first.
func (s *sweeper) link(newest []int32) {
	open := make(map[money.Amount][]int32) // applications without a partner yet
	paired := make(map[int32]bool)
	for i := len(newest) - 1; i >= 0; i-- {
		at := newest[i]
		m := &s.l.Movements[at]
		if m.Direction == ledger.Debit {
			open[m.Amount] = append(open[m.Amount], at)
			continue
		}
		// Applications of a month ago and before have no partner any more.
		waiting := open[m.Amount]
		for len(waiting) > 0 && m.Day-s.l.Movements[waiting[0]].Day > maxSweepDays {
			waiting = waiting[1:]
		}
		if len(waiting) == 1 {
			s.add(waiting[0], at, m.Amount, "sweep/pair", 900)
			paired[waiting[0]], paired[at] = true, true
			waiting = nil
		}
		open[m.Amount] = waiting
	}
	last := int32(-1)
	for i := len(newest) - 1; i >= 0; i-- {
		if at := newest[i]; !paired[at] {
			if last >= 0 {
				s.add(last, at, s.l.Movements[at].Amount, "sweep/series", 990)
			}
			last = at
		}
	}
}

func (s *sweeper) add(from, to int32, amount money.Amount, reason string, sureness uint16) {
	s.links = append(s.links, ledger.Link{Kind: ledger.LinkSweep, From: from, To: to, Amount: amount, Reason: reason, Sureness: sureness})
}
