package sandbox

import "fmt"

// holding is an investment that the person has at the end.
type holding struct {
	plan  *holdingPlan
	bank  *bank
	id    string
	cents int64
}

// hold makes up an investment.
func (l *life) hold(plan *holdingPlan) {
	if plan.Chance > 0 && !l.chance(plan.Chance) {
		return
	}
	l.holdings = append(l.holdings, &holding{
		plan: plan, bank: l.bankOf(plan.Bank), id: "investment-" + l.code(12), cents: l.cents(Range{plan.Amount[0], plan.Amount[1]}),
	})
}

// holdingSections are the sections of the document by kind of holding.
var holdingSections = map[string]string{
	"cdb": "bankFixedIncomes", "treasury": "treasureTitles", "fund": "funds", "shares": "variableIncomes",
}

// holdingObjects writes the holdings into their sections.
func (l *life) holdingObjects(d object) {
	for _, h := range l.holdings {
		section := holdingSections[h.plan.Kind]
		list, _ := d[section].([]object)
		d[section] = append(list, l.holdingObject(h))
	}
}

func (l *life) holdingObject(h *holding) object {
	amount := func(cents int64) object { return object{"amount": decimal(cents), "currency": "BRL"} }
	bought := l.begin.String()
	tax := h.cents * 2 / 100
	o := object{"investmentId": h.id, "brandName": h.bank.Brand, "companyCnpj": h.bank.CNPJ}
	position := object{
		"referenceDateTime": l.end.String() + "T12:00:00Z", "quantity": "1.00", "updatedUnitPrice": amount(h.cents),
		"grossAmount": amount(h.cents), "netAmount": amount(h.cents - tax), "incomeTax": amount(tax),
		"financialTransactionTax": amount(0), "blockedBalance": amount(0), "purchaseUnitPrice": amount(h.cents * 92 / 100),
	}
	rate := object{"preFixedRate": "0.000000", "postFixedIndexerPercentage": "1.050000", "rateType": "LINEAR", "ratePeriodicity": "MENSAL", "calculation": "DIAS_UTEIS", "indexer": "CDI"}
	switch h.plan.Kind {
	case "cdb":
		o["investmentType"], o["remuneration"] = "CDB", rate
		o["issueDate"], o["purchaseDate"], o["dueDate"], o["gracePeriodDate"] = bought, bought, l.end.AddMonths(24).String(), bought
		o["issueUnitPrice"] = amount(h.cents * 92 / 100)
	case "treasury":
		o["productName"], o["isinCode"], o["remuneration"] = "Tesouro Selic 2029", "BRSTNCLF1RU6", rate
		o["purchaseDate"], o["dueDate"] = bought, "2029-03-01"
	case "fund":
		o["name"], o["cnpjNumber"], o["anbimaCategory"] = "Fundo Exemplo Renda Fixa", "99988877000108", "RENDA_FIXA"
		position = object{
			"referenceDate": l.end.String(), "quotaQuantity": "1000.00", "quotaGrossPriceValue": amount(h.cents / 1000),
			"grossAmount": amount(h.cents), "netAmount": amount(h.cents - tax), "incomeTaxProvision": amount(tax),
			"financialTransactionTaxProvision": amount(0), "blockedAmount": amount(0),
		}
	case "shares":
		quantity := max(1, h.cents/3250)
		o["ticker"], o["isinCode"] = "XMPL3", "BRXMPLACNOR1"
		position = object{
			"referenceDate": l.end.String(), "quantity": fmt.Sprintf("%d.00", quantity), "closingPrice": amount(3250), "priceFactor": "1.00",
			"grossAmount": amount(quantity * 3250), "blockedBalance": amount(0),
		}
	}
	o["balances"], o["transactions"] = position, []object{}
	return o
}
