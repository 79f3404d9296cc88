package risksignals_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// flat returns the numbers, texts, flags and nulls of a body by pointer, and the
// signals as level and value by code.
func flat(t testing.TB, body []byte) map[string]string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		t.Fatalf("the body is not JSON: %v", err)
	}
	all := make(map[string]string)
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, member := range v {
				walk(pointer+"/"+key, member)
			}
		case []any:
			for i, member := range v {
				walk(fmt.Sprint(pointer, "/", i), member)
			}
		case nil:
			all[pointer] = "null"
		default:
			all[pointer] = fmt.Sprint(v)
		}
	}
	signals, _ := root["signals"].([]any)
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
	delete(root, "signals")
	walk("", root)
	return all
}
