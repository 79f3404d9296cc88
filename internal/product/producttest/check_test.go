package producttest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

const fields = "path\ttype\trequired\tkinds\tversions\tenum\tevidence\tmeaning\n" +
	"list\tarray\tyes\t\t\t\tD\tm\n" +
	"list[].name\tstring\tyes\t\t\t\tD\tm\n" +
	"list[].sum\tmoney\tyes\t\t\t\tD\tm\n" +
	"list[].limit\tmoney\tno\t\t\t\tD\tm\n" +
	"list[].limit.reason\tstring\tyes\t\t\t\tD\tm\n" +
	"list[].count\tnumber\tno\t\t\t\tD\tm\n" +
	"list[].open\tboolean\tno\tpj\t\t\tD\tm\n" +
	"list[].brand\tstring\tno\t\tV1.1\t\tD\tm\n" +
	"list[].ours\tstring\tno\t\t\t\tX\tm\n" +
	"list[].texts\tarray\tno\t\t\t\tD\tm\n" +
	"list[].part\tobject\tyes\t\t\t\tD\tm\n" +
	"list[].part.key\tstring\tyes\t\t\t\tD\tm\n"

// A suite that finds no fault in a faulty body would let every product pass.
func TestCheck(t *testing.T) {
	p := &spec.Product{BodyKey: "list", Fields: spec.MustFields(fields)}
	plain := spec.Input{Version: spec.V1, Settings: &setting.Settings{}, Facts: fact.New(&ledger.Ledger{})}
	strict, company, sealed := plain, plain, plain
	strict.Settings = &setting.Settings{StrictShape: true}
	company.Kind = spec.PJ
	sealed.Version = spec.V11
	failed := plain
	failed.Facts = nil
	for _, c := range []struct {
		name string
		in   spec.Input
		body string
		want string // part of the one fault; "" when there is none
	}{
		{"empty", plain, `[]`, ""},
		{"as little as there can be", plain, `[{"name":"","part":{}}]`, ""},
		{"everything", plain, `[{"name":"a","sum":{"amount":"-1.00","currency":"BRL"},"limit":{"amount":"0.00","currency":"BRL","reason":""},"count":1,"ours":"","texts":["a"],"part":{"key":"a"}}]`, ""},
		{"of a company", company, `[{"name":"","open":true,"part":{}}]`, ""},
		{"of a company only", plain, `[{"name":"","open":true,"part":{}}]`, "list[0].open: is not in the field table"},
		{"of a version", sealed, `[{"name":"","brand":"","part":{}}]`, ""},
		{"of a version only", plain, `[{"name":"","brand":"","part":{}}]`, "list[0].brand: is not in the field table"},
		{"ours in a strict shape", strict, `[{"name":"","ours":"","part":{}}]`, "list[0].ours: is not in the field table"},
		{"no JSON", plain, `[{"name":""]`, "it is not JSON"},
		{"two values", plain, `[] []`, "it is not JSON"},
		{"a key twice", plain, `[{"name":"","name":"","part":{}}]`, "it is not JSON"},
		{"invalid UTF-8", plain, "[{\"name\":\"\xff\",\"part\":{}}]", "it is not JSON"},
		{"missing", plain, `[{"part":{}}]`, "list[0].name: is missing"},
		{"missing below", plain, `[{"name":"","limit":{"amount":"1.00","currency":"BRL"},"part":{}}]`, "list[0].limit: has the keys"},
		{"out of order", plain, `[{"part":{},"name":""}]`, "list[0].name: is out of order"},
		{"null", plain, `[{"name":null,"part":{}}]`, "list[0].name: is no text"},
		{"null in a body of zeros", failed, `[{"name":"","count":null,"part":{}}]`, ""},
		{"a number as text", plain, `[{"name":"","count":"1","part":{}}]`, "list[0].count: is no number"},
		{"a text as boolean", company, `[{"name":"","open":"true","part":{}}]`, "list[0].open: is no boolean"},
		{"a list as object", plain, `{}`, "list: is no array"},
		{"numbers in a list of texts", plain, `[{"name":"","texts":[1],"part":{}}]`, "list[0].texts[0]: is no text"},
		{"zero with a sign", plain, `[{"name":"","sum":{"amount":"-0.00","currency":"BRL"},"part":{}}]`, "list[0].sum.amount"},
		{"an amount with a plus", plain, `[{"name":"","sum":{"amount":"+1.00","currency":"BRL"},"part":{}}]`, "list[0].sum.amount"},
		{"an amount as number", plain, `[{"name":"","sum":{"amount":1,"currency":"BRL"},"part":{}}]`, "list[0].sum.amount"},
	} {
		t.Run(c.name, func(t *testing.T) {
			faults := producttest.Check(p, &c.in, []byte(c.body))
			if c.want == "" && len(faults) > 0 {
				t.Errorf("faults in a good body: %q", faults)
			}
			if c.want != "" && !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, c.want) }) {
				t.Errorf("faults %q, none with %q", faults, c.want)
			}
		})
	}
}
