package revenue_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/sandbox"
)

// report is what the relations are about.
type report struct {
	Revenue struct {
		TotalRevenueLast30Days, TotalRevenueLast60Days, TotalRevenueLast90Days, TotalRevenueLast180Days, TotalRevenueLast360Days json.Number
		NumberOfRevenueStreams                                                                                                   int
		RevenueStreams                                                                                                           []struct {
			RevenueStreamType                                                          string
			TotalLast30Days, TotalLast60Days, TotalLast90Days, TotalLast180Days, Share json.Number
			Transactions                                                               []struct {
				TransactionDate                string
				TransactionAmount              json.Number
				TransactionName, PartieCnpjCpf string
			}
		}
		Months []struct {
			Month                    string
			IsPartial                bool
			Revenue                  json.Number
			ReceiptCount, PayerCount int
		}
		AverageMonthlyRevenueLast3Months json.Number
	}
	CashFlow struct {
		Summary struct {
			Last180Days struct{ RealInflow json.Number }
		}
	}
}

func rat(t *testing.T, n json.Number) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(n.String())
	if !ok {
		t.Fatalf("%q is no number", n)
	}
	return x
}

// Parts add up to totals: sources in every window, receipts to their source, full
// months to averages; and revenue is no more than all that came in for good.
func TestPartsAddUp(t *testing.T) {
	day := calendar.Of(2025, 3, 31)
	companies := 0
	for _, persona := range sandbox.Personas() {
		for n := range 3 {
			person := sandbox.Generate(persona, 4711, n, day)
			if person.Truth.CNPJ == "" {
				continue
			}
			companies++
			t.Run(fmt.Sprint(persona, n), func(t *testing.T) {
				a, err := klaas.Analyze(person.Userdata, klaas.Options{
					Products: []string{"pj_revenue", "pj_cash_flow"}, Versions: []string{"V2"}, AsOf: day.String(), Received: received,
				})
				if err != nil {
					t.Fatal(err)
				}
				var r report
				for _, one := range a.Reports {
					if err := json.Unmarshal(one.Body, &r); err != nil {
						t.Fatal(err)
					}
				}
				checkStreams(t, &r, day)
				checkMonths(t, &r)
				if rat(t, r.Revenue.TotalRevenueLast180Days).Cmp(rat(t, r.CashFlow.Summary.Last180Days.RealInflow)) > 0 {
					t.Errorf("revenue of 180 days is %s, all real inflow %s", r.Revenue.TotalRevenueLast180Days, r.CashFlow.Summary.Last180Days.RealInflow)
				}
			})
		}
	}
	if companies == 0 {
		t.Fatal("the sandbox has no company")
	}
}

func checkStreams(t *testing.T, r *report, day calendar.Day) {
	t.Helper()
	v := &r.Revenue
	if v.NumberOfRevenueStreams != len(v.RevenueStreams) || len(v.RevenueStreams) == 0 {
		t.Errorf("%d streams of %d", len(v.RevenueStreams), v.NumberOfRevenueStreams)
	}
	order := []string{"CARD_ACQUIRER", "MARKETPLACE", "EXPORT", "RECURRING", "BOLETO", "PIX_CUSTOMER", "TED_CUSTOMER", "OTHER"}
	last, sums := -1, [4]*big.Rat{new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)}
	for i := range v.RevenueStreams {
		s := &v.RevenueStreams[i]
		place := slices.Index(order, s.RevenueStreamType)
		if place <= last {
			t.Errorf("%s is out of order", s.RevenueStreamType)
		}
		last = place
		var listed [4]*big.Rat
		for w, total := range []json.Number{s.TotalLast30Days, s.TotalLast60Days, s.TotalLast90Days, s.TotalLast180Days} {
			sums[w].Add(sums[w], rat(t, total))
			listed[w] = new(big.Rat)
		}
		for k, x := range s.Transactions {
			at, ok := calendar.ParseDay(x.TransactionDate)
			if !ok || k > 0 && x.TransactionDate > s.Transactions[k-1].TransactionDate {
				t.Errorf("%s: row %d is of %s", s.RevenueStreamType, k, x.TransactionDate)
			}
			for w, days := range []calendar.Day{30, 60, 90, 180} {
				if age := day - at; age < days {
					listed[w].Add(listed[w], rat(t, x.TransactionAmount))
				} else if days == 180 {
					t.Errorf("%s: row %d is %d days old", s.RevenueStreamType, k, age)
				}
			}
		}
		for w, total := range []json.Number{s.TotalLast30Days, s.TotalLast60Days, s.TotalLast90Days, s.TotalLast180Days} {
			if listed[w].Cmp(rat(t, total)) != 0 {
				t.Errorf("%s: the receipts of window %d add up to %s, not %s", s.RevenueStreamType, w, listed[w].FloatString(2), total)
			}
		}
		share := new(big.Rat).Quo(rat(t, s.TotalLast180Days), rat(t, v.TotalRevenueLast180Days))
		if rat(t, s.Share).FloatString(4) != share.FloatString(4) {
			t.Errorf("%s has the share %s, want %s", s.RevenueStreamType, s.Share, share.FloatString(4))
		}
	}
	for w, total := range []json.Number{v.TotalRevenueLast30Days, v.TotalRevenueLast60Days, v.TotalRevenueLast90Days, v.TotalRevenueLast180Days} {
		if sums[w].Cmp(rat(t, total)) != 0 {
			t.Errorf("the sources of window %d add up to %s, not %s", w, sums[w].FloatString(2), total)
		}
	}
}

func checkMonths(t *testing.T, r *report) {
	t.Helper()
	v := &r.Revenue
	sum, full := new(big.Rat), int64(0)
	for i := len(v.Months) - 1; i >= 0; i-- {
		m := &v.Months[i]
		if i > 0 && m.Month <= v.Months[i-1].Month {
			t.Errorf("the month %s comes after %s", m.Month, v.Months[i-1].Month)
		}
		if m.PayerCount > m.ReceiptCount || (m.ReceiptCount == 0) != (rat(t, m.Revenue).Sign() == 0) {
			t.Errorf("%+v", m)
		}
		if !m.IsPartial && full < 3 {
			full++
			sum.Add(sum, rat(t, m.Revenue))
		}
	}
	if len(v.Months) == 0 || len(v.Months) > 12 || full == 0 {
		t.Fatalf("there are %d months, %d of them full", len(v.Months), full)
	}
	if want := sum.Quo(sum, big.NewRat(full, 1)).FloatString(2); rat(t, v.AverageMonthlyRevenueLast3Months).FloatString(2) != want {
		t.Errorf("the average of 3 months is %s, want %s", v.AverageMonthlyRevenueLast3Months, want)
	}
}
