package producttest

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
)

// reorder returns the document with something in another order. The order is
// random, but the same at every run.
func reorder(t *testing.T, body []byte, change func(r *rand.Rand, doc map[string]any)) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	change(rand.New(rand.NewPCG(1, 2)), doc)
	// A map has no order, so the sections come out in another one, too.
	other, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// holders are the sections of what has transactions.
func holders() []string {
	return []string{
		"accounts", "creditCardsAccounts",
		"bankFixedIncomes", "creditFixedIncomes", "variableIncomes", "treasureTitles", "funds",
	}
}

// shuffleHolders shuffles accounts, cards, holdings and contracts.
func shuffleHolders(r *rand.Rand, doc map[string]any) {
	for _, section := range append(holders(), "loans", "financings", "invoiceFinancings", "unarrangedAccountsOverdraft") {
		if list, ok := doc[section].([]any); ok {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
	}
}

// shuffleDays shuffles the days of every list of transactions and keeps the
// order inside a day.
func shuffleDays(r *rand.Rand, doc map[string]any) {
	for _, section := range holders() {
		list, ok := doc[section].([]any)
		if !ok {
			continue
		}
		for _, item := range list {
			holder, ok := item.(map[string]any)
			if !ok {
				continue
			}
			for _, key := range []string{"transactions", "transactions-current"} {
				if rows, ok := holder[key].([]any); ok {
					holder[key] = shuffledDays(r, rows)
				}
			}
		}
	}
}

func shuffledDays(r *rand.Rand, rows []any) []any {
	byDay := make(map[string][]any)
	for _, row := range rows {
		byDay[dayOf(row)] = append(byDay[dayOf(row)], row)
	}
	days := make([]string, 0, len(byDay))
	for day := range byDay {
		days = append(days, day)
	}
	sort.Strings(days)
	r.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	shuffled := make([]any, 0, len(rows))
	for _, day := range days {
		shuffled = append(shuffled, byDay[day]...)
	}
	return shuffled
}

// dayOf returns the day by which a row is shuffled. Rows with a billing day
// stay together, as reports order them by it.
func dayOf(row any) string {
	fields, _ := row.(map[string]any)
	if _, instalment := fields["chargeNumber"]; instalment {
		return "instalments"
	}
	for _, key := range []string{"transactionDate", "transactionDateTime", "transactionConversionDate"} {
		if day, ok := fields[key].(string); ok {
			return strings.Split(day, "T")[0]
		}
	}
	return ""
}

// unordered returns a JSON value in which every list is sorted.
func unordered(t *testing.T, body []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return sorted(v)
}

func sorted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = sorted(v[key])
		}
	case []any:
		for i := range v {
			v[i] = sorted(v[i])
		}
		slices.SortFunc(v, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	}
	return v
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
