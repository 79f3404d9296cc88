package producttest

import (
	"encoding/json"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Flat returns the numbers, texts, flags and nulls of a JSON value by pointer.
func Flat(t rapid.TB, body []byte) map[string]string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("the body is not JSON: %v", err)
	}
	all := make(map[string]string)
	flatten(all, "", v)
	return all
}

func flatten(all map[string]string, pointer string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			flatten(all, pointer+"/"+key, member)
		}
	case []any:
		for i, member := range v {
			flatten(all, fmt.Sprint(pointer, "/", i), member)
		}
	case nil:
		all[pointer] = "null"
	default:
		all[pointer] = fmt.Sprint(v)
	}
}

// Labels returns the values of a report that is a list of labels, by code.
func Labels(t rapid.TB, p *spec.Product, in *spec.Input) map[string]string {
	t.Helper()
	var w encode.Writer
	p.Write(&w, in)
	var body struct {
		LabelDetails []struct {
			LabelCode  string
			LabelValue json.RawMessage
		}
	}
	if err := json.Unmarshal(w.Bytes(), &body); err != nil {
		t.Fatalf("%v in %s", err, w.Bytes())
	}
	values := make(map[string]string, len(body.LabelDetails))
	for _, d := range body.LabelDetails {
		values[d.LabelCode] = string(d.LabelValue)
	}
	return values
}
