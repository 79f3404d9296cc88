package identity

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/openfinance"
)

// mainContacts writes the main phone, e-mail address and postal address: the
// first that is marked so, else the first.
func (r *record) mainContacts(c *openfinance.Contacts) {
	if i := MainOf(len(c.Phones), func(i int) openfinance.Bool { return c.Phones[i].IsMain }); i >= 0 {
		p := &c.Phones[i]
		r.w.Key("phone")
		r.w.OpenObject()
		r.w.Field("type", p.Type)
		phoneNumber(r.w, p)
		r.w.CloseObject()
	}
	if i := MainOf(len(c.Emails), func(i int) openfinance.Bool { return c.Emails[i].IsMain }); i >= 0 {
		r.w.FieldIf("email", c.Emails[i].Email)
	}
	if i := MainOf(len(c.PostalAddresses), func(i int) openfinance.Bool { return c.PostalAddresses[i].IsMain }); i >= 0 {
		r.w.Key("postalAddress")
		r.w.OpenObject()
		address(r.w, &c.PostalAddresses[i])
		r.w.CloseObject()
	}
}

// MainOf returns the index of the first of n that is marked as the main one,
// else 0; -1 when there is none.
func MainOf(n int, isMain func(int) openfinance.Bool) int {
	for i := range n {
		if isMain(i) == openfinance.True {
			return i
		}
	}
	return min(n, 1) - 1
}

// allContacts writes every contact as Open Finance Brasil shapes it.
func (r *record) allContacts(c *openfinance.Contacts) {
	list(r.w, "phones", len(c.Phones), func(i int) {
		p := &c.Phones[i]
		isMain(r.w, p.IsMain)
		r.w.Field("type", p.Type)
		r.w.FieldIf("additionalInfo", p.AdditionalInfo)
		phoneNumber(r.w, p)
	})
	list(r.w, "emails", len(c.Emails), func(i int) {
		isMain(r.w, c.Emails[i].IsMain)
		r.w.Field("email", c.Emails[i].Email)
	})
	list(r.w, "postalAddresses", len(c.PostalAddresses), func(i int) {
		a := &c.PostalAddresses[i]
		isMain(r.w, a.IsMain)
		address(r.w, a)
		coordinates(r.w, a)
	})
}

// list writes n objects, or nothing when there are none.
func list(w *encode.Writer, key string, n int, members func(int)) {
	if n == 0 {
		return
	}
	w.Key(key)
	w.OpenArray()
	for i := range n {
		w.OpenObject()
		members(i)
		w.CloseObject()
	}
	w.CloseArray()
}

func isMain(w *encode.Writer, b openfinance.Bool) {
	if b != openfinance.Absent {
		w.Bool("isMain", b == openfinance.True)
	}
}

func phoneNumber(w *encode.Writer, p *openfinance.Phone) {
	w.FieldIf("countryCallingCode", p.CountryCallingCode)
	w.Field("areaCode", p.AreaCode)
	w.Field("number", p.Number)
	w.FieldIf("phoneExtension", p.PhoneExtension)
}

func address(w *encode.Writer, a *openfinance.PostalAddress) {
	w.Field("address", a.Address)
	w.FieldIf("additionalInfo", a.AdditionalInfo)
	w.FieldIf("districtName", a.DistrictName)
	w.Field("townName", a.TownName)
	w.FieldIf("ibgeTownCode", a.IBGETownCode)
	w.FieldIf("countrySubDivision", a.CountrySubDivision)
	w.Field("postCode", a.PostCode)
	w.Field("country", a.Country)
	w.FieldIf("countryCode", a.CountryCode)
}

func coordinates(w *encode.Writer, a *openfinance.PostalAddress) {
	if a.Latitude == "" && a.Longitude == "" {
		return
	}
	w.Key("geographicCoordinates")
	w.OpenObject()
	w.FieldIf("latitude", a.Latitude)
	w.FieldIf("longitude", a.Longitude)
	w.CloseObject()
}
