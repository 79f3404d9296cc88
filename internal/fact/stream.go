package fact

import (
	"math/bits"
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
)

// Party is a counterparty as streams know it: by its document, of a CNPJ the root,
// else by the normalised name of the entry.
type Party struct {
	ByDocument bool
	Key        string
}

// Stream is the entries of one direction with one counterparty.
type Stream struct {
	Direction ledger.Direction
	Party     Party
}

// streams are the streams of all movements, numbered in document order.
type streams struct {
	list       []Stream
	byMovement []int32 // into list; noStream
}

const noStream = -1

// Stream returns the stream of a movement; false: it names nobody and is in none.
// An entry with a document and one without are never of one stream. A document is
// a CPF or CNPJ that is not one digit all over, as is sent for unknown.
func (f *Facts) Stream(movement int32) (Stream, bool) {
	s := f.allStreams()
	id := s.byMovement[movement]
	if id == noStream {
		return Stream{}, false
	}
	return s.list[id], true
}

func (f *Facts) allStreams() *streams {
	if f.streams == nil {
		f.streams = newStreams(f.Ledger.Movements)
	}
	return f.streams
}

func newStreams(movements []ledger.Movement) *streams {
	s := &streams{byMovement: make([]int32, len(movements))}
	ids := make(map[Stream]int32, len(movements)/8)
	for i := range movements {
		m := &movements[i]
		stream := Stream{m.Direction, partyOf(m)}
		id, known := ids[stream]
		if !known {
			id = noStream
			if stream.Party.ByDocument || !text.Generic(stream.Party.Key) {
				id = int32(len(s.list))
				s.list = append(s.list, stream)
			}
			ids[stream] = id
		}
		s.byMovement[i] = id
	}
	return s
}

const (
	cpfLength  = 11
	cnpjLength = 14
	rootLength = 8
)

func partyOf(m *ledger.Movement) Party {
	id := bareTaxID(m.PartieTaxID())
	if len(id) != cpfLength && len(id) != cnpjLength || strings.Count(id, id[:1]) == len(id) {
		return Party{Key: m.Name}
	}
	if len(id) == cnpjLength {
		id = id[:rootLength]
	}
	return Party{ByDocument: true, Key: id}
}

const (
	recurrentDays        = 180 // ages below it count
	recurrentMonths      = 3
	recurrentMonthsShort = 2 // where few days are covered
	shortCoverage        = 90
)

// Recurrent returns which streams of the given movements are recurrent at D: their
// entries of an age below 180 days, without own transfers and reversals, fall in at
// least 3 calendar months, or 2 where fewer than 90 days are covered. An original
// that came back in part counts. A caller gives the movements of one kind, all of
// them effective and up to D.
func (f *Facts) Recurrent(company bool, movements []int32) map[Stream]bool {
	least := recurrentMonths
	if f.Flows(company).Coverage.Days < shortCoverage {
		least = recurrentMonthsShort
	}
	s := f.allStreams()
	first := (f.Ledger.Day - recurrentDays + 1).MonthIndex()
	months := make(map[int32]uint8) // by stream: the set of months from first on, at most 7
	recurrent := make(map[Stream]bool)
	for _, at := range movements {
		m, id := &f.Ledger.Movements[at], s.byMovement[at]
		if id == noStream || f.Ledger.Day-m.Day >= recurrentDays || IsOwnTransfer(m) || isWhollyReversal(m) {
			continue
		}
		set := months[id] | 1<<(m.Day.MonthIndex()-first)
		months[id] = set
		if bits.OnesCount8(set) >= least {
			recurrent[s.list[id]] = true
		}
	}
	return recurrent
}

// isWhollyReversal reports whether nothing of a movement is left: it takes another
// one back, or all of it came back.
func isWhollyReversal(m *ledger.Movement) bool {
	return m.Role == ledger.RoleReversal || m.Role == ledger.RoleReversed && m.Reversed >= m.Amount
}
