package spec_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

const header = "path\ttype\trequired\tkinds\tversions\tenum\tevidence\tmeaning\n"

func TestParseFields(t *testing.T) {
	got, err := spec.ParseFields(header +
		"a\tobject\tyes\t\t\t\tD\tall\n" +
		"a.b\tstring\tno\tpf\tV1 V1.1\tX Y\tD X\tsome\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []spec.Field{
		{Path: "a", Type: "object", Required: true, Enum: []string{}, Evidence: "D", Meaning: "all"},
		{
			Path: "a.b", Type: "string", Kinds: []spec.Kind{spec.PF}, Versions: []spec.Version{spec.V1, spec.V11},
			Enum: []string{"X", "Y"}, Evidence: "D X", Meaning: "some",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got[0].Extra() || !got[1].Extra() {
		t.Error("a field is ours when its evidence has an X")
	}
}

func TestParseFieldsTellsTheLine(t *testing.T) {
	for name, table := range map[string]string{
		"line 1": "path\ttype\n",
		"line 2": header + "a\tstring\n",
		"line 3": header + "a\tstring\tyes\t\t\t\tD\tm\nb\ttext\tyes\t\t\t\tD\tm\n",
		"yes":    header + "a\tstring\ttrue\t\t\t\tD\tm\n",
		"kind":   header + "a\tstring\tyes\tpx\t\t\tD\tm\n",
		"V1":     header + "a\tstring\tyes\t\tV3\t\tD\tm\n",
		"letter": header + "a\tstring\tyes\t\t\t\tZ\tm\n",
	} {
		if _, err := spec.ParseFields(table); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q gives %v, which does not tell %q", table, err, name)
		}
	}
}

func TestEmptyBody(t *testing.T) {
	p := spec.Product{BodyKey: "a", Fields: spec.MustFields(header +
		"a\tobject\tyes\t\t\t\tD\tm\n" +
		"a.text\tstring\tyes\t\t\t\tD\tm\n" +
		"a.may\tstring\tno\t\t\t\tD\tm\n" +
		"a.person\tstring\tyes\tpf\t\t\tD\tm\n" +
		"a.company\tstring\tyes\tpj\t\t\tD\tm\n" +
		"a.later\tstring\tyes\t\tV2\t\tD\tm\n" +
		"a.ours\tstring\tyes\t\t\t\tO X\tm\n" +
		"a.sum\tmoney\tyes\t\t\t\tD\tm\n" +
		"a.n\tnumber\tyes\t\t\t\tD\tm\n" +
		"a.list\tarray\tyes\t\t\t\tD\tm\n" +
		"a.list[].text\tstring\tyes\t\t\t\tD\tm\n" +
		"a.in\tobject\tyes\t\t\t\tD\tm\n" +
		"a.in.b\tboolean\tyes\t\t\t\tD\tm\n")}
	for _, c := range []struct {
		in   spec.Input
		want string
	}{
		{spec.Input{Version: spec.V1, Settings: &setting.Settings{}}, `{"text":"","person":"","ours":"","n":null,"list":[],"in":{"b":null}}`},
		{spec.Input{Version: spec.V1, Settings: &setting.Settings{StrictShape: true}}, `{"text":"","person":"","n":null,"list":[],"in":{"b":null}}`},
		{spec.Input{Version: spec.V2, Kind: spec.PJ, Settings: &setting.Settings{StrictShape: true}}, `{"text":"","company":"","later":"","ours":"","n":null,"list":[],"in":{"b":null}}`},
	} {
		if got := string(p.EmptyBody(&c.in)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	p.Empty = `{"scoreK1":-1}`
	if got := string(p.EmptyBody(&spec.Input{})); got != p.Empty {
		t.Errorf("an Empty of its own is not taken: %s", got)
	}
}
