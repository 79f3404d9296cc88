package sandbox

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
)

// holding is an investment that the person has at the end.
type holding struct {
	plan  *holdingPlan
	bank  *bank
	id    string
	cents int64
}

// sharePrice is what a share costs, in cents.
const sharePrice = 3250

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
	"cdb": "bankFixedIncomes", "debenture": "creditFixedIncomes", "treasury": "treasureTitles", "fund": "funds", "shares": "variableIncomes",
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
	case "debenture":
		o["investmentType"], o["remuneration"] = "DEBENTURES", rate
		o["debtorName"], o["debtorCnpjNumber"] = "Companhia Exemplo de Energia S.A.", "99977766000198"
		o["taxExemptProduct"], o["voucherPaymentIndicator"], o["voucherPaymentPeriodicity"] = "SIM", "SIM", "SEMESTRAL"
		o["issueDate"], o["purchaseDate"], o["dueDate"] = bought, bought, l.end.AddMonths(60).String()
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
		quantity := max(1, h.cents/sharePrice)
		o["ticker"], o["isinCode"] = "XMPL3", "BRXMPLACNOR1"
		position = object{
			"referenceDate": l.end.String(), "quantity": fmt.Sprintf("%d.00", quantity), "closingPrice": amount(sharePrice), "priceFactor": "1.00",
			"grossAmount": amount(quantity * sharePrice), "blockedBalance": amount(0),
		}
	}
	o["balances"] = position
	l.addDeals(o, h)
	return o
}

// deal is a movement of a holding.
type deal struct {
	day   calendar.Day
	kind  string // transactionType
	out   bool   // money or quotas leave it
	cents int64
}

// addDeals writes the movements of a holding, the newest first, those of the last
// days in both lists.
func (l *life) addDeals(o object, h *holding) {
	deals := l.deals(h)
	from := max(l.begin, l.end.AddMonths(-h.bank.Months)+1)
	deals = slices.DeleteFunc(deals, func(x deal) bool { return x.day < from || x.day > l.end })
	slices.SortStableFunc(deals, func(x, y deal) int { return cmp.Compare(y.day, x.day) })
	history, current, notes := []object{}, []object{}, []object{}
	for _, x := range deals {
		written := l.dealObject(h, x)
		if h.plan.Kind == "shares" && x.kind == "COMPRA" {
			written["brokerNoteId"] = "note-" + l.code(12)
			notes = append(notes, l.noteObject(written["brokerNoteId"], x.cents))
		}
		history = append(history, written)
		if x.day > l.end-currentDays {
			current = append(current, written)
		}
	}
	o["transactions"], o["transactions-current"] = history, current
	if len(notes) > 0 {
		o["broker-notes"] = notes
	}
}

// deals are what happened to a holding. What was paid for CDB and treasury bonds
// is in the account at its bank; all else was bought before, through a broker.
func (l *life) deals(h *holding) []deal {
	bought := businessDayFrom(l.end.AddMonths(-11))
	var deals []deal
	switch h.plan.Kind {
	case "cdb":
		return append(l.dealsOf(h, "cdb", "APLICACAO", false), l.dealsOf(h, "redemption", "RESGATE", true)...)
	case "treasury":
		return l.dealsOf(h, "treasury", "COMPRA", false)
	case "fund":
		deals = append(deals, deal{bought, "APLICACAO", false, h.cents / 5})
		l.months(func(month int) {
			if month%12 == 4 || month%12 == 10 { // The tax on funds is taken in May and November.
				deals = append(deals, deal{nthBusinessDay(month, -1), "COME_COTAS", true, h.cents / 1000})
			}
		})
	case "shares":
		deals = append(deals, deal{bought, "COMPRA", false, max(1, h.cents/sharePrice/4) * sharePrice})
		l.months(func(month int) {
			if month%3 == 2 {
				deals = append(deals, deal{nthBusinessDay(month, 10), "JCP", false, h.cents / 80})
			}
		})
	case "debenture":
		deals = append(deals, deal{bought, "COMPRA", false, h.cents / 2}, deal{businessDayFrom(bought.AddMonths(6)), "PAGAMENTO_JUROS", true, h.cents / 25})
	}
	return deals
}

// dealsOf are the movements of a holding that an account at its bank paid or got.
func (l *life) dealsOf(h *holding, kind, called string, out bool) []deal {
	var deals []deal
	for _, a := range l.accounts {
		for _, m := range a.rows {
			if a.bank == h.bank && !a.savings && m.kind == kind && m.phase == effective {
				deals = append(deals, deal{m.day, called, out, max(m.cents, -m.cents)})
			}
		}
	}
	return deals
}

func (l *life) dealObject(h *holding, x deal) object {
	amount := func(cents int64) object { return object{"amount": decimal(cents), "currency": "BRL"} }
	direction := "ENTRADA"
	if x.out {
		direction = "SAIDA"
	}
	o := object{"transactionId": l.code(24), "type": direction, "transactionType": x.kind}
	tax := int64(0)
	if x.kind == "RESGATE" {
		tax = x.cents / 100
	}
	switch h.plan.Kind {
	case "fund":
		o["transactionConversionDate"], o["transactionQuotaPrice"] = x.day.String(), object{"amount": "1.000000", "currency": "BRL"}
		o["transactionQuotaQuantity"] = decimal(x.cents)
		o["transactionValue"], o["transactionGrossValue"], o["transactionNetValue"] = amount(x.cents), amount(x.cents), amount(x.cents)
		o["incomeTax"], o["financialTransactionTax"], o["transactionExitFee"] = amount(0), amount(0), amount(0)
	case "shares":
		o["transactionDate"], o["priceFactor"], o["transactionValue"] = x.day.String(), "1.00", amount(x.cents)
		if x.kind == "COMPRA" {
			o["transactionUnitPrice"], o["transactionQuantity"] = amount(sharePrice), fmt.Sprintf("%d.00", x.cents/sharePrice)
		}
	default:
		o["transactionDate"], o["transactionUnitPrice"], o["transactionQuantity"] = x.day.String(), amount(100), decimal(x.cents)
		o["transactionGrossValue"], o["transactionNetValue"] = amount(x.cents+tax), amount(x.cents)
		o["incomeTax"], o["financialTransactionTax"] = amount(tax), amount(0)
	}
	return o
}

// noteObject writes the broker's note of a purchase.
func (l *life) noteObject(id any, cents int64) object {
	amount := func(cents int64) object { return object{"amount": decimal(cents), "currency": "BRL"} }
	fees := max(1, cents*3/10000)
	return object{
		"brokerNoteId": id, "brokerNoteNumber": l.digits(8), "grossValue": amount(cents), "brokerageFee": amount(0),
		"clearingSettlementFee": amount(fees), "clearingRegistrationFee": amount(0), "stockExchangeAssetTradeNoticeFee": amount(0),
		"stockExchangeFee": amount(0), "clearingCustodyFee": amount(0), "taxes": amount(0), "incomeTax": amount(0), "netValue": amount(cents + fees),
	}
}
