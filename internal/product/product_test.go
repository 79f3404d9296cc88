package product_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/internal/folders"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
)

func TestEveryProduct(t *testing.T) {
	for _, p := range product.All() {
		t.Run(p.Folder(), func(t *testing.T) {
			producttest.Run(t, p)
			producttest.Cases(t, p, filepath.Join(p.Folder(), "testdata"))
		})
	}
}

func TestTheListOfProductsIsFresh(t *testing.T) {
	want, err := folders.List(".")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("products_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("products_gen.go is stale: run go generate ./internal/product")
	}
}

func TestEveryProductLivesInItsFolderAndHasItsOwnPlace(t *testing.T) {
	places := make(map[int]string)
	for _, p := range product.All() {
		if _, err := os.Stat(filepath.Join(p.Folder(), folders.Table)); err != nil {
			t.Errorf("%s does not live in %s: %v", p.Name, p.Folder(), err)
		}
		if other, taken := places[p.Order]; taken {
			t.Errorf("%s and %s have the same Order", p.Folder(), other)
		}
		places[p.Order] = p.Folder()
	}
}

func TestCatalogueOrder(t *testing.T) {
	want := []string{
		"checking_account", "savings_account", "credit_card", "balance",
		"categorized_checking_l2", "categorized_checking_l3", "categorized_savings_l2", "categorized_savings_l3",
		"categorized_creditcard_l2", "categorized_creditcard_l3",
		"loans", "financing", "invoice_financing", "unarranged_account_overdraft", "credit_operations",
		"bank_fixed_incomes", "credit_fixed_incomes", "variable_incomes", "treasure_titles", "funds", "investments", "identity",
	}
	var got []string
	for _, p := range product.All() {
		if slices.Contains(want, p.Name) && p.Legacy == nil {
			got = append(got, p.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("All() has the order %v, want %v", got, want)
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		name string
		want string // "" when it is no product
		kind spec.Kind
	}{
		{"pf_checking_account", "checking_account", spec.PF},
		{"pj_checking_account", "checking_account", spec.PJ},
		{"PF_Categorized_CreditCard_L3", "categorized_creditcard_l3", spec.PF},
		{"pf_financings", "financing", spec.PF},
		{"pj_invoice_financings", "invoice_financing", spec.PJ},
		{"PF_Unarranged_Accounts_Overdraft", "unarranged_account_overdraft", spec.PF},
		{"pf_investments_bank_fixed_incomes", "bank_fixed_incomes", spec.PF},
		{"pj_investments_funds", "funds", spec.PJ},
		{"pf_investment", "investments", spec.PF},
		{"checking_account", "", spec.PF},
		{"category_checking", "category_checking", spec.PF},
		{"CORPORATE_CHECKING", "corporate_checking", spec.PJ},
		{"pf_category_checking", "", spec.PF},
		{"pj_corporate_checking", "", spec.PF},
		{"px_checking_account", "", spec.PF},
		{"pf_", "", spec.PF},
		{"", "", spec.PF},
		{"pf_checking_account ", "", spec.PF},
	} {
		p, kind, ok := product.Resolve(c.name)
		if ok != (c.want != "") || ok && (p.Name != c.want || kind != c.kind) {
			t.Errorf("Resolve(%q) = %v, %v, %v", c.name, p, kind, ok)
		}
	}
}

// The report of all credit contracts is the union of the four of one kind, so its
// field table is, row by row, theirs. Only how sure a list is may differ.
func TestCreditOperationsAreTheUnionOfTheFour(t *testing.T) {
	union, _, _ := product.Resolve("pf_credit_operations")
	var want []spec.Field
	for _, name := range []string{"loans", "financing", "invoice_financing", "unarranged_account_overdraft"} {
		p, _, _ := product.Resolve("pf_" + name)
		for i := range p.Fields {
			if f := p.Fields[i]; len(want) == 0 || !slices.ContainsFunc(want, func(g spec.Field) bool { return g.Path == f.Path }) {
				want = append(want, f)
			}
		}
	}
	want[0].Meaning = union.Fields[0].Meaning // of the whole body
	for i, f := range union.Fields {
		if f.Type == "array" && strings.Count(f.Path, ".") == 1 {
			want[i].Evidence = f.Evidence
		}
	}
	if diff := cmp.Diff(want, union.Fields); diff != "" {
		t.Errorf("the tables differ (-the four +the union):\n%s", diff)
	}
}

func TestEveryNameResolvesToItsProduct(t *testing.T) {
	for _, p := range product.All() {
		for _, kind := range p.Kinds {
			for _, name := range append(p.OtherNames(kind), p.FullName(kind)) {
				found, k, ok := product.Resolve(name)
				if !ok || found != p || k != kind {
					t.Errorf("Resolve(%q) is not %s: two products share the name", name, p.FullName(kind))
				}
			}
		}
	}
}

// The reports in the envelope of 2022 share names with current ones, which have a
// prefix.
func TestBareNamesAreTheLegacyProducts(t *testing.T) {
	for _, name := range []string{"balance", "identity", "income", "liabilities", "score_k1", "k_label"} {
		bare, kind, ok := product.Resolve(name)
		current, _, _ := product.Resolve("pf_" + name)
		if !ok || bare.Legacy == nil || kind != spec.PF || current == nil || current.Legacy != nil {
			t.Errorf("%s is %v, pf_%s is %v", name, bare, name, current)
		}
	}
}

// A categorised product is the plain one with keys added to the entries, so its
// field table begins, key by key, as that one does.
func TestCategorisedTablesExtendThePlainOnes(t *testing.T) {
	for categorised, plain := range map[string]string{
		"categorized_checking_l2": "checking_account", "categorized_checking_l3": "checking_account",
		"categorized_savings_l2": "savings_account", "categorized_savings_l3": "savings_account",
	} {
		p, _, _ := product.Resolve("pf_" + categorised)
		q, _, _ := product.Resolve("pf_" + plain)
		for i := range q.Fields {
			if got, want := p.Fields[i], q.Fields[i]; got.Path != want.Path || got.Type != want.Type || got.Required != want.Required {
				t.Errorf("%s: row %d is %s, not %s as in %s", categorised, i+2, got.Path, want.Path, plain)
			}
		}
	}
}
