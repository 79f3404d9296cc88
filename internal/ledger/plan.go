package ledger

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/money"
)

// Plan is one purchase of a card, or one debt, that is paid in instalments.
//
// Transmitters have one of two habits: a line per instalment, or one line with
// the full price (Whole). Numbers run from 1 to Count. [Plan.At] tells what is
// known of each: amount, month and whether it is paid, on a bill to be paid, or
// still to come. The amounts of all numbers add up to Price exactly.
type Plan struct {
	Card  int32
	Name  string // normalised name of its lines
	Count int32  // instalments in all, at least 2
	Debt  bool   // a bill or other debt paid in instalments: no purchase
	Whole int32  // the line with the full price; -1 where each instalment has a line of its own
	Lines []PlanLine
	Price money.Amount

	First     int          // month (calendar.Day.MonthIndex) of number 1, as the oldest line tells it
	Paid      int32        // numbers up to this one that have no line are paid
	Next      int32        // the lowest number that is on no bill; Count + 1 when nothing is to come
	NextMonth int          // the month of Next; those after it follow month by month
	Each      money.Amount // of a number without a line
	Odd       money.Amount // of number OddNumber without a line: Each and the cents that do not divide
	OddNumber int32
}

// PlanLine is an instalment that was sent. Lines lie by number, each once.
type PlanLine struct {
	Number   int32
	Movement int32
	Month    int // in which its bill is due
	State    InstalmentState
}

// InstalmentState says how far an instalment is.
type InstalmentState uint8

// The states.
const (
	InstalmentPaid   InstalmentState = iota // on a bill that was due up to D, or before the record
	InstalmentOnBill                        // on the open bill, or on a closed one due after D
	InstalmentToCome                        // on no bill yet
)

// Instalment is one number of a plan.
type Instalment struct {
	Number   int32
	Movement int32 // its own line; -1 when there is none
	Amount   money.Amount
	Month    int // in which its bill is due, as calendar.Day.MonthIndex counts
	State    InstalmentState
}

// At returns instalment number, which is from 1 to Count.
func (p *Plan) At(l *Ledger, number int32) Instalment {
	i, sent := slices.BinarySearchFunc(p.Lines, number, func(line PlanLine, n int32) int { return cmp.Compare(line.Number, n) })
	if sent {
		line := &p.Lines[i]
		return Instalment{number, line.Movement, l.Movements[line.Movement].Amount, line.Month, line.State}
	}
	in := Instalment{Number: number, Movement: -1, Amount: p.Each}
	if number == p.OddNumber {
		in.Amount = p.Odd
	}
	switch {
	case number >= p.Next:
		in.Month, in.State = p.NextMonth+int(number-p.Next), InstalmentToCome
	case number <= p.Paid:
		in.Month, in.State = p.First+int(number)-1, InstalmentPaid
	default:
		in.Month, in.State = p.First+int(number)-1, InstalmentOnBill
	}
	return in
}
