package fact_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
)

// occurrencesOf reads "2025-01-05 10.50, 2025-02-05 11".
func occurrencesOf(t testing.TB, s string) []fact.Occurrence {
	t.Helper()
	var list []fact.Occurrence
	for part := range strings.SplitSeq(s, ",") {
		var on string
		amount := 10.0
		if n, _ := fmt.Sscan(part, &on, &amount); n == 0 {
			continue
		}
		d := day(t, on)
		list = append(list, fact.Occurrence{Day: d, Month: d.MonthIndex(), Amount: reais(amount)})
	}
	return list
}

// told writes a pace in one line, what is unknown as -.
func told(p fact.Pace) string {
	or := func(known bool, s string) string {
		if known {
			return s
		}
		return "-"
	}
	return fmt.Sprintf("%s %s %v next %s %s [%s, %s] stopped %s", p.Rhythm,
		or(p.Regularity.Known, fmt.Sprintf("%.4f", float64(p.Regularity.Value)/money.Scale)), p.PayDays,
		or(p.Next != calendar.None, p.Next.String()), or(p.Next != calendar.None, p.Amount.String()),
		or(p.HasInterval, p.Low.String()), or(p.HasInterval, p.High.String()),
		or(p.StoppedOn != calendar.None, p.StoppedOn.String()))
}

func TestPace(t *testing.T) {
	for _, c := range []struct {
		name, on, occurrences, want string
	}{
		{"none", "2025-06-30", "", "IRREGULAR - [] next - - [-, -] stopped -"},
		{"one", "2025-06-30", "2025-06-01", "IRREGULAR - [] next - - [-, -] stopped -"},
		{"monthly", "2025-06-30", "2025-04-05, 2025-05-05, 2025-06-05", "MONTHLY 1.0000 [5] next 2025-07-05 10.00 [10.00, 10.00] stopped -"},
		{"two of a month, much covered", "2025-06-30", "2025-05-05, 2025-06-05", "IRREGULAR 0.0000 [] next - - [-, -] stopped -"},
		{"weekly", "2025-06-30", "2025-06-10, 2025-06-17, 2025-06-24", "WEEKLY 1.0000 [] next 2025-07-01 10.00 [10.00, 10.00] stopped -"},
		{"fortnightly", "2025-06-30", "2025-05-15, 2025-05-30, 2025-06-15", "FORTNIGHTLY 1.0000 [15] next 2025-06-30 10.00 [10.00, 10.00] stopped -"},
		{"yearly", "2025-06-30", "2024-01-20, 2025-01-22", "YEARLY 1.0000 [22] next 2026-01-22 10.00 [-, -] stopped -"},
		// Median gaps: ranges with both ends.
		{"a median of 35", "2025-06-30", "2025-04-06, 2025-05-11, 2025-06-15", "MONTHLY 1.0000 [15] next 2025-07-15 10.00 [10.00, 10.00] stopped -"},
		{"a median of 36", "2025-06-30", "2025-04-04, 2025-05-10, 2025-06-15", "IRREGULAR 0.0000 [] next - - [-, -] stopped -"},
		{"a median of 25.5", "2025-06-30", "2025-05-01, 2025-05-26, 2025-06-21", "IRREGULAR 0.0000 [] next - - [-, -] stopped -"},
		{"a median of 8", "2025-06-30", "2025-06-12, 2025-06-20, 2025-06-28", "WEEKLY 1.0000 [] next 2025-07-05 10.00 [10.00, 10.00] stopped -"},
		// 1 of 2 gaps within 30 ± 5, equal amounts: ½ × ½ + ½.
		{"a gap out of the tolerance", "2025-06-30", "2025-04-19, 2025-05-13, 2025-06-15", "MONTHLY 0.7500 [15] next 2025-07-15 10.00 [10.00, 10.00] stopped -"},
		// cv of 8, 10, 12 = √(8/3) ÷ 10 = 0.16330; ½ + ½ × 0.83670. s = 2: 10 ± 1.886 × 2 × √(4/3) = 10 ± 4.3555.
		{"amounts that vary", "2025-06-30", "2025-04-05 8, 2025-05-05 10, 2025-06-05 12", "MONTHLY 0.9184 [5] next 2025-07-05 10.00 [5.64, 14.36] stopped -"},
		{"an interval is not below 0", "2025-06-30", "2025-04-05 1, 2025-05-05 1, 2025-06-05 100", "MONTHLY 0.5000 [5] next 2025-07-05 1.00 [0.00, 158.48] stopped -"},
		// Mean 85, s 36.742, n = 6: 85 ± 1.476 × 36.742 × √(7/6) = 85 ± 58.58.
		{"median of 6", "2025-06-30", "2025-01-05 10, 2025-02-05 100, 2025-03-05 100, 2025-04-05 100, 2025-05-05 100, 2025-06-05 100",
			"MONTHLY 0.8027 [5] next 2025-07-05 100.00 [26.42, 143.58] stopped -"},
		// Eleven of 100 and one of 2000 years ago: not among the newest 12, so the interval is one point.
		{"the newest 12 make the interval", "2025-06-30",
			"2024-06-05 2000, 2024-07-05, 2024-08-05, 2024-09-05, 2024-10-05, 2024-11-05, 2024-12-05, 2025-01-05, 2025-02-05, 2025-03-05, 2025-04-05, 2025-05-05, 2025-06-05",
			"MONTHLY 1.0000 [5] next 2025-07-05 10.00 [10.00, 10.00] stopped -"},
		// Pay days: of two as frequent the newer first; one of age 180 does not count.
		{"two pay days", "2025-06-30", "2025-01-01, 2025-02-05, 2025-03-06, 2025-04-05, 2025-05-06, 2025-06-05",
			"MONTHLY 1.0000 [5 6] next 2025-07-05 10.00 [10.00, 10.00] stopped -"},
		{"a second pay day needs 2", "2025-06-30", "2025-03-05, 2025-04-05, 2025-05-06, 2025-06-05", "MONTHLY 1.0000 [5] next 2025-07-05 10.00 [10.00, 10.00] stopped -"},
		{"days as frequent", "2025-06-30", "2025-04-05, 2025-05-06, 2025-06-07", "MONTHLY 1.0000 [7] next 2025-07-07 10.00 [10.00, 10.00] stopped -"},
		{"the last day of a shorter month", "2025-01-31", "2024-10-31, 2024-11-30, 2024-12-31, 2025-01-31", "MONTHLY 1.0000 [31] next 2025-02-28 10.00 [10.00, 10.00] stopped -"},
		// Overdue up to 15 days after the expected one, then stopped.
		{"overdue", "2025-07-20", "2025-04-05, 2025-05-05, 2025-06-05", "MONTHLY 1.0000 [5] next 2025-07-05 10.00 [10.00, 10.00] stopped -"},
		{"stopped", "2025-07-21", "2025-04-05, 2025-05-05, 2025-06-05", "MONTHLY 1.0000 [5] next - - [-, -] stopped 2025-06-05"},
		{"weekly stops after 7", "2025-07-08", "2025-06-10, 2025-06-17, 2025-06-24", "WEEKLY 1.0000 [] next 2025-07-01 10.00 [10.00, 10.00] stopped -"},
		{"weekly has stopped", "2025-07-09", "2025-06-10, 2025-06-17, 2025-06-24", "WEEKLY 1.0000 [] next - - [-, -] stopped 2025-06-24"},
		{"fortnightly stops after 10", "2025-07-11", "2025-05-15, 2025-05-30, 2025-06-15", "FORTNIGHTLY 1.0000 [15] next - - [-, -] stopped 2025-06-15"},
		{"yearly stops after 45", "2026-03-09", "2024-01-20, 2025-01-22", "YEARLY 1.0000 [] next - - [-, -] stopped 2025-01-22"},
		{"amounts of 0", "2025-06-30", "2025-04-05 0, 2025-05-05 0, 2025-06-05 0", "MONTHLY 1.0000 [5] next 2025-07-05 0.00 [0.00, 0.00] stopped -"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := paymentsOf(t, c.on, payment{day: "2024-01-01", amount: 1, text: "X"})
			if got := told(f.Pace(false, occurrencesOf(t, c.occurrences), calendar.None)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// MONTHLY with days covered < 90: 2 occurrences.
func TestPaceOfAShortRecord(t *testing.T) {
	f := paymentsOf(t, "2025-06-30", payment{day: "2025-04-03", amount: 1, text: "X"})
	const want = "MONTHLY 1.0000 [5] next 2025-07-05 10.00 [-, -] stopped -"
	if got := told(f.Pace(false, occurrencesOf(t, "2025-05-05, 2025-06-05"), calendar.None)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// stoppedOn: when a 010108 entry of the same payer is not followed by another
// occurrence.
func TestPaceOfAStreamThatEnded(t *testing.T) {
	f := paymentsOf(t, "2025-06-30", payment{day: "2024-01-01", amount: 1, text: "X"})
	list := occurrencesOf(t, "2025-04-05, 2025-05-05, 2025-06-05")
	for ended, stopped := range map[string]bool{"2025-06-04": false, "2025-06-05": true, "2025-06-20": true} {
		p := f.Pace(false, list, day(t, ended))
		if (p.StoppedOn == list[2].Day) != stopped || (p.Next == calendar.None) != stopped {
			t.Errorf("ended %s: %s", ended, told(p))
		}
	}
}

// nextExpectedDate of MONTHLY: the month after the last occurrence's competence month.
func TestPaceByCompetenceMonth(t *testing.T) {
	f := paymentsOf(t, "2025-06-10", payment{day: "2024-01-01", amount: 1, text: "X"})
	list := occurrencesOf(t, "2025-03-31, 2025-04-30, 2025-06-02")
	list[2].Month-- // paid after the weekend, meant for May
	if p := f.Pace(false, list, calendar.None); p.Next.String() != "2025-06-02" {
		t.Errorf("next is %s", p.Next)
	}
}

// The figures stay in their ranges and agree with plain floating point, whatever the
// amounts.
func TestPaceAgreesWithFloats(t *testing.T) {
	f := paymentsOf(t, "2025-06-30", payment{day: "2024-01-01", amount: 1, text: "X"})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "n")
		list := make([]fact.Occurrence, n)
		for i := range list {
			d := calendar.Of(2025, 6, 5).AddMonths(i - n + 1)
			list[i] = fact.Occurrence{Day: d, Month: d.MonthIndex(), Amount: money.Amount(rapid.Int64Range(0, 1e12).Draw(t, "amount"))}
		}
		p := f.Pace(false, list, calendar.None)
		low, high, regularity := plainly(list)
		amount := float64(p.Amount) / money.Scale
		near := func(got money.Amount, want, off float64) bool {
			return math.Abs(float64(got)/money.Scale-want) <= off+want*1e-9
		}
		if !near(p.Low, max(0, min(low, amount)), 0.0051) || !near(p.High, max(high, amount), 0.0051) || !near(p.Regularity.Value, regularity, 0.000051) {
			t.Fatalf("%s, want low %f, high %f, regularity %f", told(p), low, high, regularity)
		}
	})
}

// plainly computes the interval and regularity of monthly occurrences within the
// tolerance.
func plainly(list []fact.Occurrence) (low, high, regularity float64) {
	factors := []float64{1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363}
	list = list[max(0, len(list)-12):]
	n := float64(len(list))
	mean, squares := 0.0, 0.0
	for _, o := range list {
		mean += float64(o.Amount) / money.Scale / n
	}
	for _, o := range list {
		squares += math.Pow(float64(o.Amount)/money.Scale-mean, 2)
	}
	half := factors[len(list)-3] * math.Sqrt(squares/(n-1)) * math.Sqrt(1+1/n)
	cv := 0.0
	if mean > 0 {
		cv = math.Sqrt(squares/n) / mean
	}
	return mean - half, mean + half, 0.5 + 0.5*max(0, 1-cv)
}

// The largest amounts do not leave the range.
func TestPaceOfHugeAmounts(t *testing.T) {
	f := paymentsOf(t, "2025-06-30", payment{day: "2024-01-01", amount: 1, text: "X"})
	list := occurrencesOf(t, "2025-04-05, 2025-05-05, 2025-06-05")
	list[0].Amount, list[1].Amount, list[2].Amount = 0, math.MaxInt64-99, math.MaxInt64-99
	if p := f.Pace(false, list, calendar.None); p.Low != 0 || p.High != math.MaxInt64 || !slices.Equal(p.PayDays, []int{5}) {
		t.Errorf("low %d, high %d", p.Low, p.High)
	}
}
