package receive

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// Code is a business code of Klavi's API, answered with HTTP 416.
type Code int

// The business codes that klaas gives.
const (
	InvalidProduct     Code = 4002 // a name is no product, or not switched on
	NoProducts         Code = 4005 // the list of products is empty
	InvalidCallbackURL Code = 4006 // productsCallbackURL breaks its grammar
)

// Title returns the words that stand for the code in Klavi's documentation.
func (c Code) Title() string {
	switch c {
	case InvalidProduct:
		return "Invalid product info"
	case NoProducts:
		return "Invalid products"
	case InvalidCallbackURL:
		return "Invalid productsCallbackURL"
	}
	return "Business error"
}

// BusinessError says that a well-formed request asks for what cannot be done.
type BusinessError struct {
	Code   Code // of the first fault
	Faults []openfinance.Problem
}

func (e *BusinessError) Error() string {
	return e.Faults[0].Path + ": " + e.Faults[0].Message
}

func (e *BusinessError) add(code Code, path, message string) {
	if len(e.Faults) == 0 {
		e.Code = code
	}
	e.Faults = append(e.Faults, openfinance.Problem{Path: path, Message: message, Severity: openfinance.Rejected})
}

// request is what a usable document asks for.
type request struct {
	taxID string       // "" when anonymous
	day   calendar.Day // the reporting day
}

// examine checks what the reader cannot know: the settings and today. invalid
// has the reader's own faults, or is nil. The faults of a 422 go before those of
// a 416: the second speaks of a request that can be understood.
func examine(doc *openfinance.Document, invalid *openfinance.InvalidError, s *setting.Settings, now time.Time) (request, error) {
	var faults []openfinance.Problem
	if invalid != nil {
		faults = invalid.Problems
	}
	if doc == nil {
		return request{}, &openfinance.InvalidError{Problems: faults}
	}
	reject := func(path, message string) {
		faults = append(faults, openfinance.Problem{Path: path, Message: message, Severity: openfinance.Rejected})
	}

	person := clean.Person(doc)
	req := request{taxID: cmp.Or(person.CPF, person.CNPJ), day: calendar.SaoPaulo(now)}
	if day, ok := calendar.ParseDay(doc.Request.ReferenceDate); ok {
		if day > req.day {
			reject("referenceDate", "is after today in São Paulo: the reporting day is today at the latest")
		}
		req.day = day
	}
	if req.taxID == "" && !s.AllowAnonymous && !unread(faults) {
		reject("taxId", "the document names nobody: send personalCustomerIdentification[0].documents.cpfNumber, businessCustomerIdentification[0].cnpjNumber, or taxId at the top level")
	}
	if len(faults) > 0 {
		return request{}, &openfinance.InvalidError{Problems: faults}
	}

	var refused BusinessError
	checkProducts(&refused, doc.Request.Products, s.Products)
	checkCallback(&refused, doc.Request.CallbackURL)
	if len(refused.Faults) > 0 {
		return request{}, &refused
	}
	return req, nil
}

// unread reports whether the place where a tax id may stand could not be read:
// then a missing one is no fault of its own.
func unread(faults []openfinance.Problem) bool {
	return slices.ContainsFunc(faults, func(p openfinance.Problem) bool {
		switch p.Path {
		case "", openfinance.SectionPersonalIdentification, openfinance.SectionBusinessIdentification:
			return true
		}
		return false
	})
}

// checkProducts checks the request's own list: nil when it has none. It can only
// narrow what is switched on for the application.
func checkProducts(refused *BusinessError, names []string, on []setting.ProductChoice) {
	if names == nil {
		return
	}
	if len(names) == 0 {
		refused.add(NoProducts, "products", `is empty: name at least one product, send ["all"], or leave the key out`)
		return
	}
	for i, name := range names {
		path := "products[" + strconv.Itoa(i) + "]"
		if strings.EqualFold(name, "all") {
			continue
		}
		full, ok := mainName(name)
		if !ok {
			refused.add(InvalidProduct, path, "is no product of klaas: GET /klaas/v1/products lists them")
			continue
		}
		if !slices.ContainsFunc(on, func(c setting.ProductChoice) bool {
			chosen, ok := mainName(c.Name)
			return ok && chosen == full
		}) {
			refused.add(InvalidProduct, path, "is not switched on for this application")
		}
	}
}

// mainName returns the name under which a product's reports go.
func mainName(name string) (string, bool) {
	p, kind, ok := product.Resolve(name)
	if !ok {
		return "", false
	}
	return p.FullName(kind), true
}

// maxURL is the longest address that is taken.
const maxURL = 2048

// checkCallback checks {"all": url}, or product names with an optional "other".
// The keys of the request are not repeated in the messages: their order and
// number are enough to find the fault, and a key may hold anything.
func checkCallback(refused *BusinessError, callback map[string]string) {
	const path = "productsCallbackURL"
	named := make(map[string]bool, len(callback))
	all := false
	for _, key := range slices.Sorted(maps.Keys(callback)) {
		switch {
		case strings.EqualFold(key, "all"):
			all = true
		case strings.EqualFold(key, "other"):
		default:
			full, ok := mainName(key)
			switch {
			case !ok:
				refused.add(InvalidCallbackURL, path, `a key is neither a product of klaas nor "all" nor "other"`)
			case named[full]:
				refused.add(InvalidCallbackURL, path, full+" is named twice")
			}
			named[full] = true
		}
		if fault := urlFault(callback[key]); fault != "" {
			refused.add(InvalidCallbackURL, path, "an address "+fault)
		}
	}
	if all && len(callback) > 1 {
		refused.add(InvalidCallbackURL, path, `"all" stands alone: leave it out, or leave out the others`)
	}
}

// urlFault says what is wrong with a webhook address; "" when it can be called.
// Whether it lies inside the operator's network is decided when it is called.
func urlFault(text string) string {
	if len(text) > maxURL {
		return "is longer than " + strconv.Itoa(maxURL) + " bytes"
	}
	u, err := url.Parse(text)
	if err != nil {
		return "is not a URL"
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return "does not begin with https:// or http://"
	}
	if u.Hostname() == "" {
		return "names no host"
	}
	if u.User != nil {
		return "holds a user name: leave it out"
	}
	if u.Fragment != "" {
		return "holds a fragment (#): leave it out"
	}
	return ""
}
