package sandbox

import "github.com/openklaas/klaas/internal/calendar"

// exchange is a foreign exchange operation: reais that became dollars abroad.
type exchange struct {
	bank  *bank
	day   calendar.Day
	cents int64 // of BRL
	rate  int64 // cents of BRL for a dollar
}

// exchangeHabit plans money that is sent abroad.
func (l *life) exchangeHabit(plan *exchangePlan) {
	from := l.account(plan.From)
	if from == nil || plan.Chance > 0 && !l.chance(plan.Chance) {
		return
	}
	for _, o := range l.occasions(plan.When) {
		l.at(businessDayFrom(o.day), daytime, func() {
			cents := l.cents(Range{plan.Amount[0], plan.Amount[1]}) / 10000 * 10000
			if !l.fund(from, cents, false) {
				return
			}
			l.post(from, -cents, "exchange-out", "exchange", nil)
			l.exchanges = append(l.exchanges, &exchange{from.bank, l.today, cents, int64(l.between(495, 595))})
		})
	}
}

// exchangeObjects writes the operations. The bank is who buys or sells: it sells
// the dollars.
func (l *life) exchangeObjects(d object) {
	var list []object
	for _, x := range l.exchanges {
		foreign := x.cents * 100 / x.rate
		amount := func(text, currency string) object { return object{"amount": text, "currency": currency} }
		settled := businessDayFrom(x.day + 1)
		event := func(number, kind string, day calendar.Day) object {
			return object{
				"eventSequenceNumber": number, "eventType": kind, "eventDate": day.String() + "T15:00:00Z",
				"localCurrencyOperationTax": amount(decimal(x.rate), "BRL"), "localCurrencyOperationValue": amount(decimal(x.cents), "BRL"),
				"foreignOperationValue": amount(decimal(foreign), "USD"),
				"foreignPartie":         object{"relationshipCode": "50", "foreignPartieName": "Example Brokerage LLC", "foreignPartieCountryCode": "US"},
			}
		}
		events, outstanding := []object{event("000000000001", "1", x.day)}, foreign
		if settled <= l.end {
			events, outstanding = append(events, event("000000000002", "4", settled)), 0
		}
		list = append(list, object{
			"operationId": "operation-" + l.code(12), "brandName": x.bank.Brand, "companyCnpj": x.bank.CNPJ,
			"authorizedInstitutionCnpjNumber": x.bank.CNPJ, "authorizedInstitutionName": x.bank.Name, "operationNumber": l.digits(12),
			"operationType": "VENDA", "operationDate": x.day.String() + "T15:00:00Z", "dueDate": settled.String(),
			"localCurrencyOperationTax": amount(decimal(x.rate), "BRL"), "localCurrencyOperationValue": amount(decimal(x.cents), "BRL"),
			"foreignOperationValue": amount(decimal(foreign), "USD"), "operationOutstandingBalance": amount(decimal(outstanding), "USD"),
			"vetAmount": amount(decimal(x.rate), "BRL"), "deliveryForeignCurrency": "TELETRANSMISSAO", "operationCategoryCode": "90302",
			"events": events,
		})
	}
	if list != nil {
		d["exchanges"] = list
	}
}
