package text_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/text"
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"PIX ENVIADO", "PIX ENVIADO"},
		{"  Pix \t enviado\n ", "PIX ENVIADO"},
		{"Transferência à Ação Çedilha", "TRANSFERENCIA A ACAO CEDILHA"},
		{"Padaria\u00a0Sa\u0303o Jose\u0301", "PADARIA SAO JOSE"}, // no-break space, decomposed accents
		{"SALDO DO DIA  ", "SALDO DO DIA"},
		{" ", ""},
		{"•••.123.456-•• José", "•••.123.456-•• JOSE"},
		{"Straße nº 1ª", "STRAßE Nº 1ª"}, // NFD keeps º, ª and ß
		{"a\xffb", "A\uFFFDB"},
		{"NUL\x00 byte", "NUL\x00 BYTE"},
	} {
		if got := text.Normalise(c.in); got != c.want {
			t.Errorf("Normalise(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// plainNormalise is the rule word by word.
func plainNormalise(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestNormaliseIsTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ a-zA-Z0-9çãÁ\t\x00*/-]*`)).Draw(t, "text")
		got := text.Normalise(s)
		if want := plainNormalise(s); got != want {
			t.Fatalf("Normalise(%q) = %q, want %q", s, got, want)
		}
	})
}

func TestNormaliseIsIdempotentForEveryRune(t *testing.T) {
	for r := range rune(unicode.MaxRune) {
		if !utf8.ValidRune(r) {
			continue
		}
		once := text.Normalise(string(r))
		if twice := text.Normalise(once); twice != once {
			t.Errorf("U+%04X: %q, then %q", r, once, twice)
		}
	}
}

func TestNormaliseDoesNotAllocateWhenNormal(t *testing.T) {
	s := strings.Repeat("PIX ENVIADO MERCADO SAO JOSE 123 ", 3)
	s = strings.TrimSpace(s)
	if n := testing.AllocsPerRun(100, func() { _ = text.Normalise(s) }); n != 0 {
		t.Errorf("%v allocations for a text that is normal already", n)
	}
}

func TestName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"PIX ENVIADO JOAO", "PIX ENVIADO JOAO"},
		{"PAG*PADARIA PAO QUENTE", "PADARIA PAO QUENTE"},
		{"MERCADOPAGO * LOJA 12", "LOJA"},
		{"A*LOJA", "A LOJA"},                         // a prefix has at least two characters
		{"ABCDEFGHIJKLM*LOJA", "ABCDEFGHIJKLM LOJA"}, // and at most twelve
		{"EC *EC *LOJA", "EC LOJA"},                  // one prefix goes
		{"LOJA PARC 03/10", "LOJA"},
		{"LOJA PARCELA 3 DE 10 SP", "LOJA SP"},
		{"LOJA PARC3DE10SP", "LOJA SP"},
		{"LOJA 3/10", "LOJA"},
		{"XPARC 3/10", "XPARC"},
		{"PARC 3/10", "PARC 3/10"}, // nothing left: the text itself
		{"12345", "12345"},
		{"PAG*123", "PAG*123"},
		{"TED 001.0001 MARIA-JOSE 9", "TED MARIA JOSE"},
		{"COMPRA CARTAO 05/03 12:10 POSTO", "COMPRA CARTAO POSTO"},
		{"LOJA PARCEIRA 3/10", "LOJA PARCEIRA"},
	} {
		if got := text.Name(c.in); got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

var (
	prefix  = regexp.MustCompile(`^[A-Z0-9]{2,12} ?\* ?`)
	mark    = regexp.MustCompile(`\b(PARC|PARCELA) ?[0-9]+ ?(/|DE) ?[0-9]+`)
	foreign = regexp.MustCompile(`[^A-Z]+`)
)

// plainName is the rule step by step.
func plainName(normalised string) string {
	s := prefix.ReplaceAllString(normalised, "")
	s = mark.ReplaceAllString(s, "")
	s = strings.TrimSpace(foreign.ReplaceAllString(s, " "))
	if s == "" {
		return normalised
	}
	return s
}

func TestNameIsTheRule(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"PARC", "PARCELA", "PARCEL", "ELA", " ", " ", "3", "10", "/", "DE", "D", "*", "_", "-",
		"A", "AB", "LOJA", "ABCDEFGHIJKL", "Ω", "º", ".", "PAG", "E",
	})
	rapid.Check(t, func(t *rapid.T) {
		s := text.Normalise(strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), ""))
		if got, want := text.Name(s), plainName(s); got != want {
			t.Fatalf("Name(%q) = %q, want %q", s, got, want)
		}
	})
}

func TestGeneric(t *testing.T) {
	for _, c := range []struct {
		name string
		want bool
	}{
		{"PIX ENVIADO", true},
		{"PAGAMENTO DE BOLETO OUTROS BANCOS", true},
		{"PIX ENVIADO JOAO", false},
		{"PIXX", false},
		{"12345", false},
		{"", true},
	} {
		if got := text.Generic(c.name); got != c.want {
			t.Errorf("Generic(%q) = %v", c.name, got)
		}
	}
}

// Texts in the habits of statements.
var statement = []string{
	"PIX ENVIADO MERCADO SAO JOSE",
	"Compra no débito - PADARIA PÃO QUENTE",
	"PAG*JoaoDaSilva PARC 03/10",
	"TED 341.0001 EMPRESA DE TRANSPORTES LTDA 12.345.678/0001-95",
	"RENDE FACIL",
	"Transferência enviada pelo Pix - MARIA APARECIDA - •••.123.456-••",
}

func BenchmarkNormalise(b *testing.B) {
	b.ReportAllocs()
	for i := range b.N {
		text.Normalise(statement[i%len(statement)])
	}
}

func BenchmarkName(b *testing.B) {
	normal := make([]string, len(statement))
	for i, s := range statement {
		normal[i] = text.Normalise(s)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		text.Name(normal[i%len(normal)])
	}
}
