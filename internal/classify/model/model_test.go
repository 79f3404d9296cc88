package model

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

func ask(t testing.TB, c Context, text string) Answer {
	t.Helper()
	var q Query
	q.Reset(c)
	q.Add(text)
	return Load().Answer(&q)
}

// Names that no table has, made as names of their trade are.
func TestNamesOfTrades(t *testing.T) {
	for text, want := range map[string]taxonomy.Code{
		"DROGAZULMAIS":           30401,
		"SORVETELANDIA":          40303,
		"PIZZARELLA FORNO":       40301,
		"ODONTOVITAL":            30403,
		"MERCADINHO DO TONINHO":  30301,
		"CABELUXO HAIR":          40501,
		"BICHO FELIZ PET":        40701,
		"AUTOMECANICA DO JUCA":   40902,
		"PAPELARIALAPIS":         40408,
		"PANIFICAD STA CLARA":    30302,
		"ESTACIONAM CENTRO":      40903,
		"HAMBURGUERIALAGOA":      40303,
		"LIVRARIALETRAS":         40408,
		"CALCADOSPASSO":          40406,
		"FARMACIAECONOMICA 0042": 30401,
	} {
		if a := ask(t, Context{Source: Card}, text); a.Code != want || a.Confidence < 500 {
			t.Errorf("%s is %s (%d), want %s", text, a.Code, a.Confidence, want)
		}
	}
}

// A name without meaning is no sure answer, nor is no name at all.
func TestNamesWithoutMeaning(t *testing.T) {
	for _, text := range []string{"", "XQZ", "123456", "ZYWK QRTX", "•••"} {
		if a := ask(t, Context{Source: Card}, text); a.Confidence >= 500 {
			t.Errorf("%q is %s (%d)", text, a.Code, a.Confidence)
		}
	}
}

// An answer always allows the direction, is no category of a company, and differs
// from the runner-up; its word is of the text.
func TestAnswersAreSound(t *testing.T) {
	m := Load()
	texts := []string{"", "X", "DROGARIA", "SALARIO", "PIX ENVIADO", "BETANO", "IOF", "\xff\xfe", "ÇÇÇ", "A*B-C", strings.Repeat("PADARIA ", 300), strings.Repeat("Z", 5000)}
	for _, text := range texts {
		for _, credit := range []bool{false, true} {
			for source := Any; source <= Card; source++ {
				for _, ofbType := range []string{"", "PIX", "SOMETHING_NEW"} {
					for _, amount := range []int64{0, 1, 99_9999, 1 << 60} {
						a := ask(t, Context{Credit: credit, Source: source, Type: ofbType, Amount: money.Amount(amount)}, text)
						c, ok := taxonomy.Lookup(a.Code)
						r, okRunner := taxonomy.Lookup(a.RunnerUp)
						if !ok || !okRunner || c.Company || r.Company || !c.Direction.Allows(credit) || !r.Direction.Allows(credit) ||
							a.Code == a.RunnerUp || a.Confidence > 1000 || a.Margin < 0 {
							t.Errorf("%.20q, credit %v: %+v", text, credit, a)
						}
					}
				}
			}
		}
	}
	if m.Version() == "" || m.Rule() != "model/"+m.Version() || m.Data() == [sha256.Size]byte{} || len(m.Classes()) < 50 {
		t.Errorf("model %q with %d classes", m.Version(), len(m.Classes()))
	}
}

// What was asked before leaves nothing behind, and parts of a text add up.
func TestQueriesAreIndependent(t *testing.T) {
	var q Query
	q.Reset(Context{Credit: true, Type: "PIX", Amount: 5})
	q.Add("SALARIO DE MARCO")
	Load().Answer(&q)
	q.Reset(Context{Source: Card})
	q.Add("LANCHES ")
	q.Add("AVENIDA")
	if got, want := Load().Answer(&q), ask(t, Context{Source: Card}, "LANCHES AVENIDA"); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	m := Load()
	var q Query
	if n := testing.AllocsPerRun(100, func() {
		q.Reset(Context{Source: Card, Type: "CARTAO", Amount: 50})
		q.Add("PANIFICADORA E CONFEITARIA ESTRELA DO NORTE 10/03")
		m.Answer(&q)
	}); n > 0 {
		t.Errorf("%g allocations", n)
	}
}

// parts make a model of two categories of money out and one of money in.
func parts() *Parts {
	p := &Parts{
		Data: [sha256.Size]byte{1}, Bits: 10, Classes: []taxonomy.Code{30401, 40301, 10101}, Scales: []uint32{1 << ScaleBits, 1 << ScaleBits, 1 << ScaleBits},
		Steps: []Step{{0, 100}, {500, 700}}, Rows: make([][]int8, 1<<10),
	}
	var q Query
	q.Reset(Context{})
	q.Add("DROGA")
	for _, h := range q.Hashes() {
		p.Rows[h>>22] = []int8{2, -1, 0}
	}
	return p
}

// A weight of 2 and one of -1 on all n features are a margin of 3 √n.
func TestMargins(t *testing.T) {
	file, err := Encode(parts())
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	var q Query
	q.Reset(Context{})
	q.Add("DROGA")
	n := len(q.Hashes())
	want := Answer{Code: 30401, RunnerUp: 40301, Margin: margin(3*int64(n)<<ScaleBits, n), Confidence: 700}
	if got := m.Answer(&q); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := m.Word(&q, 30401); got != "DROGA" {
		t.Errorf("the word %q", got)
	}
	if got := m.Word(&q, 40301); got != "" {
		t.Errorf("the word %q spoke against", got)
	}
	if squared := int64(want.Margin) * int64(want.Margin) >> 20; squared < int64(9*n)-1 || squared > int64(9*n) {
		t.Errorf("the margin %d of %d features", want.Margin, n)
	}
	q.Reset(Context{Credit: true}) // one category alone has no runner-up
	if got := m.Answer(&q); got != (Answer{}) {
		t.Errorf("money in: %+v", got)
	}
}

// Files that are cut, of another version or wrong inside are refused.
func TestReadRefuses(t *testing.T) {
	file, err := Encode(parts())
	if err != nil {
		t.Fatal(err)
	}
	for n := range file {
		if _, err := Read(file[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are a model", n, len(file))
		}
	}
	if _, err := Read(append([]byte("klaasmdl0"), file[len(magic):]...)); err == nil {
		t.Error("another version is read")
	}
	for name, change := range map[string]func(*Parts){
		"no category":      func(p *Parts) { p.Classes[0] = 999999 },
		"a company's":      func(p *Parts) { p.Classes[0] = 80201 },
		"one class":        func(p *Parts) { p.Classes, p.Scales = p.Classes[:1], p.Scales[:1] },
		"no rows":          func(p *Parts) { p.Bits = 0 },
		"more rows":        func(p *Parts) { p.Bits = 11 },
		"a class too many": func(p *Parts) { p.Rows[0] = []int8{0, 0, 0, 1} },
	} {
		p := parts()
		change(p)
		file, err := Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(file); err == nil {
			t.Errorf("%s: is read", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	file, err := Encode(parts())
	if err != nil {
		f.Fatal(err)
	}
	body, err := unpack(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Fuzz(func(t *testing.T, body []byte) {
		out := bytes.NewBufferString(magic)
		out.Write(make([]byte, sha256.Size))
		z, _ := flate.NewWriter(out, flate.BestSpeed)
		z.Write(body)
		z.Close()
		m, err := Read(out.Bytes())
		if err != nil {
			return
		}
		var q Query
		q.Reset(Context{Source: Card})
		q.Add("DROGARIA CENTRAL")
		m.Answer(&q)
	})
}

// Weights do not depend on the machine's byte order or word size: the hash of a
// word is a fixed number.
func TestHashesAreFixed(t *testing.T) {
	var q Query
	q.Reset(Context{Source: Card, Type: "PIX", Amount: 20_0000})
	q.Add("BAR DO ZE")
	h := sha256.New()
	for _, x := range q.Hashes() {
		h.Write(binary.BigEndian.AppendUint32(nil, x))
	}
	if got, want := binary.BigEndian.Uint64(h.Sum(nil)), uint64(0x8a0630b2b881fd98); got != want {
		t.Errorf("%#x, want %#x: training must be told (recipe) and this number changed", got, want)
	}
}

func BenchmarkAnswer(b *testing.B) {
	m := Load()
	texts := []string{"PANIFICADORA ESTRELA DO NORTE", "XPTO COMERCIO", "RSHOP-LOJA DA MAR-10/03", "JULIANA SOUZA LIMA", "MERCPAGO*LOJAXYZ 03/10"}
	var q Query
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		q.Reset(Context{Source: Card, Amount: 50_0000})
		q.Add(texts[i%len(texts)])
		m.Answer(&q)
		i++
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := Read(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
