package feature

import (
	"fmt"

	"github.com/openklaas/klaas/internal/product/spec"
)

// formulas put the meaning of a feature into words; %s is the meaning. Figures have
// their formula in their meaning.
var formulas = [...]spec.Text{
	Sum:       {EN: "Sum of: %s", PT: "Soma de: %s"},
	Count:     {EN: "Number of entries: %s", PT: "Número de lançamentos: %s"},
	Periods:   {EN: "Number of periods of 30 days with an entry: %s", PT: "Número de períodos de 30 dias com lançamento: %s"},
	PerPeriod: {EN: "Sum ÷ number of periods of 30 days with an entry: %s", PT: "Soma ÷ número de períodos de 30 dias com lançamento: %s"},
	Max:       {EN: "Largest of: %s", PT: "Maior de: %s"},
	Min:       {EN: "Least of: %s", PT: "Menor de: %s"},
	Mean:      {EN: "Mean of: %s", PT: "Média de: %s"},
	Median:    {EN: "Median (mean of the middle two) of: %s", PT: "Mediana (média dos dois do meio) de: %s"},
	Deviation: {EN: "Population standard deviation of: %s", PT: "Desvio padrão populacional de: %s"},
	Variation: {EN: "Standard deviation ÷ mean (0 for a mean of 0) of: %s", PT: "Desvio padrão ÷ média (0 quando a média é 0) de: %s"},
	Single:    {EN: "%s", PT: "%s"},
}

// Formula returns how the label is computed, in words.
func (l *Label) Formula() spec.Text {
	of := formulas[l.Statistic]
	return spec.Text{
		EN: fmt.Sprintf(of.EN, l.Feature.Meaning.EN),
		PT: fmt.Sprintf(of.PT, l.Feature.Meaning.PT),
	}
}

// Words returns the window in words.
func (w Window) Words() spec.Text {
	switch {
	case w.Days > 0:
		return spec.Text{EN: fmt.Sprintf("last %d days", w.Days), PT: fmt.Sprintf("últimos %d dias", w.Days)}
	case w.Bills == 1:
		return spec.Text{EN: "newest closed bill of each card", PT: "fatura fechada mais nova de cada cartão"}
	case w.Bills > 1:
		return spec.Text{
			EN: fmt.Sprintf("%d newest closed bills of each card", w.Bills),
			PT: fmt.Sprintf("%d faturas fechadas mais novas de cada cartão", w.Bills),
		}
	case w.Payroll:
		return spec.Text{EN: "newest month with a salary", PT: "mês mais novo com salário"}
	}
	return spec.Text{EN: "whole record", PT: "todo o registro"}
}
