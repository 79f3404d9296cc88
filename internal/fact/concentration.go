package fact

import (
	"cmp"
	"iter"
	"math/big"
	"slices"

	"github.com/openklaas/klaas/internal/money"
)

// Concentration tells from how few counterparties money comes. A share is of all
// the money, also of what names nobody; it is unknown when there is no money.
type Concentration struct {
	Payers            int // counterparties, as streams know them
	Top1, Top5, Top10 Ratio
	Herfindahl        Ratio // Σ share²
	Largest           Party // who pays most; of equals the first by key
}

// ConcentrationOf returns the concentration of movements with the amounts that
// count of them: negative where a movement takes something back.
func (f *Facts) ConcentrationOf(movements iter.Seq2[int32, money.Amount]) Concentration {
	payers := make(map[Party]money.Amount)
	total := new(big.Int)
	for at, amount := range movements {
		total.Add(total, big.NewInt(int64(amount)))
		if payer, named := f.Stream(at); named {
			payers[payer.Party], _ = money.Add(payers[payer.Party], amount)
		}
	}
	c := Concentration{Payers: len(payers)}
	if total.Sign() == 0 {
		return c
	}
	amounts := make([]money.Amount, 0, len(payers))
	for payer, amount := range payers {
		amounts = append(amounts, amount)
		if largest, known := payers[c.Largest]; !known || amount > largest || amount == largest && payer.before(c.Largest) {
			c.Largest = payer
		}
	}
	slices.SortFunc(amounts, func(x, y money.Amount) int { return cmp.Compare(y, x) })
	largest := func(n int) Ratio {
		sum := new(big.Int)
		for _, amount := range amounts[:min(n, len(amounts))] {
			sum.Add(sum, big.NewInt(int64(amount)))
		}
		return ratioOf(sum, total)
	}
	c.Top1, c.Top5, c.Top10 = largest(1), largest(5), largest(10)
	squares := new(big.Int)
	for _, amount := range amounts {
		x := big.NewInt(int64(amount))
		squares.Add(squares, x.Mul(x, x))
	}
	c.Herfindahl = ratioOf(squares, new(big.Int).Mul(total, total))
	return c
}

// before orders parties by their key, those with a document first.
func (p Party) before(other Party) bool {
	if p.ByDocument != other.ByDocument {
		return p.ByDocument
	}
	return p.Key < other.Key
}
