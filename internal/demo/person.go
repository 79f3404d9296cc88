package demo

import (
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/sandbox"
)

// Person makes up the person of the demo, whose history ends on a day and who has
// something for every report: several banks, savings, a card with instalments,
// contracts and investments of every kind, more than twelve months.
func Person(last calendar.Day) sandbox.Person { return sandbox.Generate("household", 2, 0, last) }
