package sandbox

import (
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
)

func TestMovableHolidays(t *testing.T) {
	for _, text := range []string{
		"2021-02-15", "2021-02-16", "2021-04-02", "2021-06-03", "2024-02-12", "2024-02-13", "2024-03-29", "2024-05-30",
		"2025-03-03", "2025-03-04", "2025-04-18", "2025-06-19", "2026-02-16", "2026-02-17", "2026-04-03", "2026-06-04",
		"2030-03-04", "2030-03-05", "2030-04-19", "2030-06-20", "2025-12-25", "2024-11-20",
	} {
		if d, _ := calendar.ParseDay(text); isBusinessDay(d) {
			t.Errorf("%s is a bank holiday", text)
		}
	}
	for _, text := range []string{"2026-02-18", "2025-12-24", "2023-11-20", "2026-03-31"} {
		if d, _ := calendar.ParseDay(text); !isBusinessDay(d) {
			t.Errorf("%s is a business day", text)
		}
	}
}

func TestNthBusinessDay(t *testing.T) {
	for _, c := range []struct {
		month time.Month
		n     int
		want  string
	}{{1, 1, "2026-01-02"}, {1, 5, "2026-01-08"}, {4, 5, "2026-04-08"}, {5, -1, "2026-05-29"}, {5, -4, "2026-05-26"}, {11, -10, "2026-11-16"}} {
		got := nthBusinessDay(calendar.Of(2026, c.month, 1).MonthIndex(), c.n)
		if got.String() != c.want {
			t.Errorf("business day %d of %s is %s, want %s", c.n, c.month, got, c.want)
		}
	}
}

func TestCheckDigits(t *testing.T) {
	for _, id := range []string{"52998224725", "12345678909"} {
		s := id[:9]
		s += string(checkDigit(s, 10))
		if s += string(checkDigit(s, 11)); s != id {
			t.Errorf("%s: want %s", s, id)
		}
	}
	for _, id := range []string{"00000000000191", "60701190000104"} {
		s := id[:12]
		s += string(checkDigit(s, 9))
		if s += string(checkDigit(s, 9)); s != id {
			t.Errorf("%s: want %s", s, id)
		}
	}
}

func TestPersonasThatCannotBe(t *testing.T) {
	for text, want := range map[string]string{
		`acount = 1`: "strict mode: fields in the document are missing in the target struct",
		`about = ""`: "there is no account",
		"[[account]]\nname = \"main\"\nbank = [\"nobank\"]":                                           `account main: there is no bank "nobank", and no account of that name before it`,
		"habits = [\"nohabit\"]\n[[account]]\nname = \"main\"\nbank = [\"bb\"]":                       `there are no habits "nohabit"`,
		"[[account]]\nname = \"main\"\nbank = [\"bb\"]\n[[spend]]\nkind = \"x\"\nshops = \"noshop\"":  `spend x: there are no shops "noshop"`,
		"[[account]]\nname = \"main\"\nbank = [\"bb\"]\n[[income]]\nkind = \"x\"\ninto = [\"other\"]": `income x: there is no account "other"`,
	} {
		if _, err := readPersona([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
