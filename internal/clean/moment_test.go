package clean

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
)

func TestParseMoment(t *testing.T) {
	for _, c := range []struct {
		text string
		day  string // in São Paulo; "" when the text is no moment
		time string // UTC; "" when there is none
	}{
		{"2025-03-10", "2025-03-10", ""},
		{"2025-03-10T00:00:00Z", "2025-03-10", ""},
		{"2025-03-10T00:00:00.000Z", "2025-03-10", ""},
		{"2025-03-10T02:59:59.999Z", "2025-03-09", "2025-03-10T02:59:59.999Z"},
		{"2025-03-10T03:00:00Z", "2025-03-10", "2025-03-10T03:00:00Z"},
		{"2025-03-10T00:00:00-03:00", "2025-03-10", "2025-03-10T03:00:00Z"},
		{"2025-03-10T12:00:00.1234567+03:00", "2025-03-10", "2025-03-10T09:00:00.123Z"},
		{"2025-03-10T23:59:60Z", "2025-03-10", "2025-03-11T00:00:00Z"},
		{"", "", ""},
		{"2025-03", "", ""},
		{"2025-02-29", "", ""},
		{"2025-03-10X03:00:00Z", "", ""},
		{"2025-03-10T", "", ""},
		{"2025-03-10T03:00Z", "", ""},
		{"2025-03-10T03:00:00", "", ""},
		{"2025-03-10T3:00:00Z", "", ""},
		{"2025-03-10T24:00:00Z", "", ""},
		{"2025-03-10T03:60:00Z", "", ""},
		{"2025-03-10T03:00:61Z", "", ""},
		{"2025-03-10T03:00:00.Z", "", ""},
		{"2025-03-10T03:00:00Zulu", "", ""},
		{"2025-03-10T03:00:00+3", "", ""},
		{"2025-03-10T03:00:00+03:0", "", ""},
		{"2025-03-10T03:00:00+03x00", "", ""},
		{"2025-03-10T-3:00:00Z", "", ""},
	} {
		m, ok := parseMoment(c.text)
		if !ok {
			if c.day != "" {
				t.Errorf("%q cannot be read", c.text)
			}
			continue
		}
		if got := m.day().String(); got != c.day {
			t.Errorf("%q is on %q, want %q", c.text, got, c.day)
		}
		at := ""
		if m.timed {
			at = time.UnixMilli(m.millis).UTC().Format("2006-01-02T15:04:05.999Z07:00")
		}
		if at != c.time {
			t.Errorf("%q has the time %q, want %q", c.text, at, c.time)
		}
	}
}

func TestParseMomentReadsWhatTimeFormats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-14*60, 14*60).Draw(t, "minutes")*60)
		at := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "millis")).In(zone)
		text := at.Format("2006-01-02T15:04:05.999Z07:00")
		m, ok := parseMoment(text)
		if !ok {
			t.Fatalf("%q cannot be read", text)
		}
		if m.timed && (m.millis != at.UnixMilli() || m.day() != calendar.SaoPaulo(at)) {
			t.Fatalf("%q is read as %v", text, m)
		}
		if bare := at.UnixMilli()%millisPerDay == 0 && at.UTC().Format("15:04") == at.Format("15:04"); m.timed == bare {
			t.Fatalf("%q: timed is %v", text, m.timed)
		}
	})
}

func FuzzParseMoment(f *testing.F) {
	f.Add("2025-03-10T12:00:00.123Z")
	f.Add("2025-03-10T12:00:00-03:00")
	f.Fuzz(func(t *testing.T, s string) {
		if m, ok := parseMoment(s); !ok && m != (moment{}) {
			t.Errorf("%q cannot be read, but is %v", s, m)
		}
	})
}
