package clean

import (
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
)

// markBalanceLines marks the statement lines that tell a balance and move
// nothing: those of amount 0, and those without a counterparty document whose
// normalised text starts with the word SALDO, S A L D O or SDO, but not with
// SALDO EM ROTATIVO or SALDO EM ATRASO, which are debts charged to a card.
func markBalanceLines(l *ledger.Ledger, _ Options) {
	for i := range l.Movements {
		m := &l.Movements[i]
		switch {
		case m.Amount == 0:
			m.Standing, m.StandingReason = ledger.BalanceLine, "balance-line/no-amount"
		case m.PartieTaxID() == "" && tellsBalance(m.Text):
			m.Standing, m.StandingReason = ledger.BalanceLine, "balance-line/text"
		}
	}
}

func tellsBalance(normalised string) bool {
	if normalised == "" || normalised[0] != 'S' {
		return false
	}
	if strings.HasPrefix(normalised, "SALDO EM ROTATIVO") || strings.HasPrefix(normalised, "SALDO EM ATRASO") {
		return false
	}
	return startsWithWord(normalised, "SALDO") ||
		startsWithWord(normalised, "S A L D O") ||
		startsWithWord(normalised, "SDO")
}

// startsWithWord reports whether s starts with word and the word ends there.
func startsWithWord(s, word string) bool {
	if !strings.HasPrefix(s, word) {
		return false
	}
	if len(s) == len(word) {
		return true
	}
	c := s[len(word)]
	return (c < 'A' || c > 'Z') && (c < '0' || c > '9')
}
