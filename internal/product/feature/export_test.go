package feature

import "github.com/openklaas/klaas/internal/money"

// Take takes a statistic of values.
func Take(s Statistic, values []money.Amount) Value {
	return (&sample{values: values}).statistic(s)
}
