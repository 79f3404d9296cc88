package report_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/openfinance"
)

const key32 = "0123456789abcdef0123456789abcdef"

func decrypt(t *testing.T, sealed, secretKey string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	key := sha256.Sum256([]byte(secretKey))
	if len(secretKey) == 32 {
		copy(key[:], secretKey)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	text := raw[16:]
	cipher.NewCBCDecrypter(block, raw[:16]).CryptBlocks(text, text)
	return string(text[:len(text)-int(text[len(text)-1])])
}

func TestTaxIDsOfV11(t *testing.T) {
	for _, secret := range []string{key32, "a secret of another length"} {
		seal := report.SealTaxIDs(secret, "4b2c1648-231f-11eb-97c4-f45c899f4587")
		for _, id := range []string{"52998224725", "12ABC34501DE35"} {
			sealed := seal(id)
			if strings.ContainsAny(sealed, "+/=") {
				t.Errorf("%q is not URL-safe Base64 without padding signs", sealed)
			}
			if got := decrypt(t, sealed, secret); got != id {
				t.Errorf("%q decrypts to %q", id, got)
			}
			if seal(id) != sealed {
				t.Error("equal values differ inside one report")
			}
			if report.SealTaxIDs(secret, "another report")(id) == sealed {
				t.Error("equal values are equal between reports")
			}
		}
		if seal("") != "" {
			t.Error("no tax id is encrypted to something")
		}
	}
}

// The recipe that docs/reports.md gives to partners must work as printed.
func TestTheDocumentedRecipeDecrypts(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: the recipe of docs/reports.md is not run")
	}
	doc := readFile(t, "../../docs/reports.md")
	recipe := regexp.MustCompile("(?s)```js\n(.*?)```").FindStringSubmatch(doc)
	if recipe == nil {
		t.Fatal("docs/reports.md has no recipe")
	}
	for _, secret := range []string{key32, "klaas_sk_short"} {
		sealed := report.SealTaxIDs(secret, "r")("52998224725")
		script := recipe[1] + "\nprocess.stdout.write(decrypt(process.argv[1], process.argv[2]))"
		out, err := exec.Command(node, "-e", script, "--", sealed, secret).CombinedOutput()
		if err != nil || string(out) != "52998224725" {
			t.Errorf("the recipe gives %q (%v)", out, err)
		}
	}
}

func TestCodes(t *testing.T) {
	p := &spec.Product{Sections: func(spec.Kind) spec.Sections {
		return spec.Sections{Required: []string{"loans", "accounts", "funds"}, Further: []string{"exchanges"}}
	}}
	for name, c := range map[string]struct {
		sections map[string]*openfinance.Section
		code     int
		message  string
	}{
		"complete": {map[string]*openfinance.Section{"loans": {}, "accounts": {Records: 3}, "funds": {}}, 200, "OK"},
		"absent":   {map[string]*openfinance.Section{"accounts": {}}, 204, "PARTIAL: missing section loans, funds"},
		"broken":   {map[string]*openfinance.Section{"loans": {LeftOut: 1}, "accounts": {LeftOut: 3}, "funds": {}}, 204, "PARTIAL: 1 record left out in loans; 3 records left out in accounts"},
		"both":     {map[string]*openfinance.Section{"loans": {}, "accounts": {LeftOut: 3}}, 204, "PARTIAL: missing section funds; 3 records left out in accounts"},
		"other":    {map[string]*openfinance.Section{"loans": {}, "accounts": {}, "funds": {}, "exchanges": {LeftOut: 9}}, 200, "OK"},
	} {
		code, message := report.CodeOf(p, spec.PF, &openfinance.Document{Sections: c.sections})
		if code != c.code || message != c.message {
			t.Errorf("%s: %d %s, want %d %s", name, code, message, c.code, c.message)
		}
	}
}

func TestAnEmptyIdentificationIsNoRegistration(t *testing.T) {
	for _, c := range []struct {
		kind, section, taxID string
	}{
		{"pf", "personalCustomerIdentification", "12345678909"},
		{"pj", "businessCustomerIdentification", "11222333000181"},
	} {
		for records, want := range map[string]string{
			"[]":      "204 PARTIAL: missing section " + c.section,
			"[{}]":    "200 OK",
			"[{}, 7]": "204 PARTIAL: 1 record left out in " + c.section,
		} {
			userdata := `{"taxId": "` + c.taxID + `", "` + c.section + `": ` + records + `}`
			r := analysed(t, userdata, klaas.Settings{}, c.kind+"_identity")[0]
			if got := fmt.Sprint(r.Code, " ", r.Message); got != want {
				t.Errorf("%s: %s, want %s", userdata, got, want)
			}
		}
	}
}

// A receiver takes the institution of a registration from its links.
func TestIdentityLinksNameTheKeeperAlone(t *testing.T) {
	userdata := `{"taxId": "12345678909",
		"personalCustomerIdentification": [
			{"brandName": "Banco do Brasil"}, {"brandName": "Nubank"}, {"brandName": "Itaú", "companiesCnpj": ["60701190000104"]}, {"brandName": "Elsewhere"}],
		"accounts": [
			{"accountId": "a1", "brandName": "Banco do Brasil", "companyCnpj": "00000000000191", "compeCode": "001"},
			{"accountId": "a2", "brandName": "Nubank", "companyCnpj": "18236120000158", "compeCode": "260"}]}`
	reports := analysed(t, userdata, klaas.Settings{}, "pf_identity")
	want := []string{"001 [a1]", "260 [a2]", "341 []", "001 [a1], 260 [a2]"} // the last keeper is not known
	if len(reports) != len(want) {
		t.Fatalf("there are %d reports, not %d", len(reports), len(want))
	}
	for i, r := range reports {
		var body struct {
			Links []struct {
				InstitutionCode string
				Consents        []struct {
					Permissions map[string]struct{ AccountIDs []string }
				}
			}
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		var links []string
		for _, l := range body.Links {
			links = append(links, fmt.Sprint(l.InstitutionCode, " ", l.Consents[0].Permissions["ACCOUNTS_ALL"].AccountIDs))
		}
		if got := strings.Join(links, ", "); got != want[i] {
			t.Errorf("part %d: links are %s, want %s", i+1, got, want[i])
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
