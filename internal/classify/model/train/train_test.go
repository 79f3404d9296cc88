package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"testing"

	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/taxonomy"
)

const root = "../.."

// The embedded model is that of the data beside it.
func TestModelIsTrainedFromThisData(t *testing.T) {
	hash, err := hashSources(root)
	if err != nil {
		t.Fatal(err)
	}
	if model.Load().Data() != hash {
		t.Error("the data changed since the model was trained: run make model")
	}
}

// small is a corpus that no change of the data changes.
func small(t *testing.T) *corpus {
	t.Helper()
	c := &corpus{habits: habits{first: []string{"MARIA", "JOSE"}}}
	for _, r := range []record{
		{"kind": "acquirer", "text": "PAG*"}, {"kind": "debit", "text": "COMPRA ", "type": "CARTAO"},
		{"kind": "pix", "text": "PIX QRS ", "type": "PIX"}, {"kind": "form", "text": " LTDA"},
		{"kind": "town", "text": " CURITIBA"}, {"kind": "country", "text": " BRA"}, {"kind": "surname", "text": "SILVA"},
		{"kind": "person", "text": "PIX ", "type": "PIX", "code": "020102"},
	} {
		if err := c.habits.read(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, trade := range []struct {
		code  taxonomy.Code
		names []string
	}{
		{30401, []string{"Drogafarma", "Farmavida", "Drogaria Central", "Farmacia Popular", "Drogabem", "Farmais"}},
		{40303, []string{"Sorveteria Polo", "Sorvetes Bom", "Lanches Avenida", "Lanchonete Sol", "Gelateria Fiore", "Lanches do Beto"}},
		{40901, []string{"Auto Posto Sul", "Posto Trevo", "Posto Estrela", "Auto Posto Ipe", "Posto Rodovia", "Combustiveis Sol"}},
	} {
		for _, n := range trade.names {
			c.add(item{text: n, group: letters(n), family: "shops", shop: true, judged: true}, trade.code, "D")
		}
	}
	c.people()
	return c
}

// Training twice gives the same bytes, and they are those of every other machine.
func TestTrainingIsReproducible(t *testing.T) {
	c := small(t)
	l := newLabels(c.items)
	var files [2][]byte
	for i := range files {
		var err error
		if files[i], err = model.Encode(quantise(l, learn(l, l.examples(c.items, &c.habits)))); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs give two models")
	}
	m, err := model.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var q model.Query
	for text, want := range map[string]taxonomy.Code{"DROGASOL": 30401, "SORVETAO": 40303, "POSTO BELA VISTA": 40901, "MARIA SILVA": 20102} {
		q.Reset(model.Context{Source: model.Checking, Type: "PIX"})
		q.Add(text)
		if a := m.Answer(&q); a.Code != want {
			t.Errorf("%s is %s, want %s", text, a.Code, want)
		}
	}
	const want = "41af230858cacc5a"
	parts := quantise(l, learn(l, l.examples(c.items, &c.habits)))
	h := sha256.New()
	for _, row := range parts.Rows {
		for _, w := range row {
			h.Write([]byte{byte(w)})
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)[:8]); got != want {
		t.Errorf("the weights are %s, want %s as on every machine", got, want)
	}
}

// The exponential that training uses agrees with that of the library.
func TestExp(t *testing.T) {
	for x := -40.0; x <= 0; x += 0.01 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Fatalf("exp(%g) = %g, want %g", x, got, want)
		}
	}
}

// Confidences never fall with the margin, and the top band is right often enough
// on the lines that it was made from.
func TestCalibration(t *testing.T) {
	var v []verdict
	d := throw("calibration")
	for i := range 3000 {
		margin := int32(d.next(10000))
		v = append(v, verdict{margin: margin, right: d.next(10000) < int(margin)+500, reaches: i%5 != 0})
	}
	steps := calibrate(v)
	if len(steps) < 5 || steps[0].Margin != 0 {
		t.Fatalf("steps %v", steps)
	}
	var top, right int
	for i, s := range steps {
		if i > 0 && (s.Margin <= steps[i-1].Margin || s.Permille < steps[i-1].Permille) {
			t.Errorf("step %d: %v after %v", i, s, steps[i-1])
		}
	}
	for _, x := range v {
		if x.reaches && said(steps, x.margin) >= topBand {
			top++
			if x.right {
				right++
			}
		}
	}
	if top == 0 || float64(right) < topIsRight*float64(top) {
		t.Errorf("%d of %d right in the top band", right, top)
	}
}

// The held-back part of the labelled lines is never read.
func TestHeldBackLinesAreNotRead(t *testing.T) {
	c, err := readCorpus(root)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := readCSV(root + "/../accuracy/testdata/transactions.csv")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, it := range c.items {
		if it.family == "development" {
			known[it.group] = true
		}
	}
	var held int
	for _, r := range rows {
		if r["part"] != "development" {
			held++
			if known[letters(r["description"])] {
				t.Errorf("%q is held back, yet read", r["description"])
			}
		}
	}
	if held < 100 || len(known) < 200 {
		t.Errorf("%d held back, %d read", held, len(known))
	}
}
