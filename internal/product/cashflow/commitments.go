package cashflow

import "github.com/openklaas/klaas/internal/fact"

// commitments writes the instalments to come by month.
func (b *body) commitments() {
	const key = "commitments"
	c := b.facts.Commitments(b.company)
	b.List(key, len(c.Months), func(i int) {
		m := &c.Months[i]
		b.Field("month", monthName(c.First+i))
		if c.Cards {
			b.Money("cardAmount", m.Card.Amount, m.CardBehind())
			b.Days("cardCount", m.Card.Entries, m.CardBehind()) // One line may tell several.
		} else {
			b.Null("cardAmount")
			b.Null("cardCount")
		}
		b.contracts(&c, m)
		total := m.Card.Add(m.Contract.Amount, 0)
		b.Money("total", total.Amount, fact.Join(m.ContractBehind(), m.CardBehind()))
	})
	if c.NotAsOf && len(c.Months) == 0 {
		b.NotAsOf(key)
	}
}

func (b *body) contracts(c *fact.Commitments, m *fact.Commitment) {
	if c.Contracts {
		b.Money("contractAmount", m.Contract.Amount, m.ContractBehind())
		b.Days("contractCount", m.Contract.Entries, m.ContractBehind())
		return
	}
	for _, key := range []string{"contractAmount", "contractCount"} {
		b.Null(key)
		if c.NotAsOf {
			b.NotAsOf(key)
		}
	}
}
