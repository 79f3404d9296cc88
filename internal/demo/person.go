package demo

import (
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/sandbox"
)

// Person makes up the person of the demo, whose history ends on a day: a salary,
// several banks, savings, a card with instalments, more than twelve months.
func Person(last calendar.Day) sandbox.Person { return sandbox.Generate("salaried", 2, 0, last) }
