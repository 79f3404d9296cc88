package clean

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
)

// idless is what equals among entries without an id share.
type idless struct {
	day       calendar.Day
	direction ledger.Direction
	amount    string
	name      string
}

// nameIDless gives the entries of one account or card that came without an id a
// synthetic one: "synt-" and the first 24 hex digits of SHA-256 over
// accountId|date|creditDebitType|amount|name|ordinal among equals. Amount and
// name are as sent, the date is the day in São Paulo, the ordinal counts from 1
// in document order, so that no two entries get the same id.
func nameIDless(movements []ledger.Movement, holderID string) {
	var seen map[idless]int
	var b []byte
	for i := range movements {
		m := &movements[i]
		if m.ID != "" {
			continue
		}
		if seen == nil {
			seen = make(map[idless]int)
		}
		key := idless{day: m.Written, direction: m.Direction, amount: sentAmount(m), name: m.SentName()}
		seen[key]++
		b = append(b[:0], holderID...)
		b = append(b, '|')
		b = key.day.Append(b)
		b = append(b, '|')
		b = append(b, directionNames[key.direction]...)
		b = append(b, '|')
		b = append(b, key.amount...)
		b = append(b, '|')
		b = append(b, key.name...)
		b = append(b, '|')
		b = strconv.AppendInt(b, int64(seen[key]), 10)
		sum := sha256.Sum256(b)
		m.ID = "synt-" + hex.EncodeToString(sum[:12])
	}
}

var directionNames = [...]string{ledger.Credit: "CREDITO", ledger.Debit: "DEBITO"}

func sentAmount(m *ledger.Movement) string {
	if m.Entry != nil {
		return m.Entry.Amount.Amount
	}
	return m.Line.BrazilianAmount.Amount
}
