package fact

import (
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// balanceTexts are the names of statement lines that tell the balance at the end
// of their day, or of the day before. Other lines tell something else, such as
// what is blocked, or the limit included.
var balanceTexts = map[string]calendar.Day{
	"SALDO":                0,
	"S A L D O":            0,
	"SALDO DO DIA":         0,
	"SALDO NO DIA":         0,
	"SALDO DIA":            0,
	"SALDO FINAL":          0,
	"SALDO FINAL DO DIA":   0,
	"SDO DIA":              0,
	"SDO FINAL":            0,
	"SALDO ANTERIOR":       -1,
	"SALDO INICIAL":        -1,
	"SALDO INICIAL DO DIA": -1,
	"SDO ANTERIOR":         -1,
	"SDO INICIAL":          -1,
}

// brokenUntil returns the first day after the newest broken check point of an
// account, calendar.None when none is broken. A line of amount 0 is no check
// point: it may be one without a balance. Where a day has several lines, one
// that holds is enough; so is one that tells the invested money too.
func brokenUntil(l *ledger.Ledger, a *ledger.Account, b AccountBalances) calendar.Day {
	held := make(map[calendar.Day]bool)
	for at := a.First; at < a.End; at++ {
		m := &l.Movements[at]
		if m.Standing != ledger.BalanceLine || m.Amount == 0 || m.Foreign || m.Day > l.Day {
			continue
		}
		back, known := balanceTexts[m.Name]
		day := m.Day + back
		if !known || b.Available.First == calendar.None || day < b.Available.First-1 {
			continue
		}
		told := m.Signed()
		held[day] = held[day] || told == b.Available.At(day) || told == b.Invested.At(day)
	}
	from := calendar.None
	for day, holds := range held {
		if !holds {
			from = max(from, day+1)
		}
	}
	if floor, known := overdraftFloor(a); known {
		for _, c := range b.Available.changes {
			if c.balance < floor {
				from = max(from, c.day+1)
			}
		}
	}
	return from
}

// overdraftFloor returns the balance that an account cannot fall below: minus the
// contracted and the unarranged overdraft.
func overdraftFloor(a *ledger.Account) (floor money.Amount, known bool) {
	limits := a.Source.OverdraftLimits
	if limits == nil {
		return 0, false
	}
	contracted, err := money.Parse(limits.Contracted.Amount)
	if err != nil {
		return 0, false
	}
	unarranged, _ := money.Parse(limits.Unarranged.Amount) // absent: 0
	limit, _ := money.Add(contracted.Abs(), unarranged.Abs())
	return -limit, true
}
