package risksignals_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/openklaas/klaas/internal/product/producttest"
)

// flat returns the numbers, texts, flags and nulls of a body by pointer, and the
// signals as level and value by code.
func flat(t testing.TB, body []byte) map[string]string {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(body, &root); err != nil {
		t.Fatalf("the body is not JSON: %v", err)
	}
	signals, _ := root["signals"].([]any)
	delete(root, "signals")
	rest, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	all := producttest.Flat(t, rest)
	for _, s := range signals {
		row := make(map[string]string)
		for key, v := range s.(map[string]any) {
			if row[key] = fmt.Sprint(v); v == nil {
				row[key] = "null"
			}
		}
		all[row["code"]] = row["level"] + " " + row["value"]
		all[row["code"]+" months"] = row["monthsPresent"]
	}
	return all
}
