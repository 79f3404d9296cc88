// Package openfinance reads a person's or company's Open Finance Brasil data.
//
// [Read] turns a userdata document into a [Document]: what institutions sent,
// in one shape, whichever version of the interface they speak. It forgives what
// can be understood (other spellings of keys, envelopes, numbers for texts,
// masks in a CPF, dates with a time) and never guesses: what cannot be
// understood is left out, the smallest enclosing record at a time, and told as a
// [Problem] with its path. Problems and errors never hold a value of the
// document.
//
// The package judges each record by itself. It does not remove duplicates, link
// records or decide whose they are.
package openfinance

import (
	"bytes"
	"fmt"
	"strings"
	"unsafe"
)

// MaxDepth is how deep objects and lists may be nested.
const MaxDepth = 64

// maxCauses bounds how many causes an [InvalidError] names for one unreadable section.
const maxCauses = 20

// Read reads a userdata document and takes body over: the strings of the
// document are parts of it, so it must not change as long as they are used.
// Clone strings that are to outlive it.
//
// It fails with a [*SyntaxError] when body is not one JSON text nested at most
// [MaxDepth] deep, and with an [*InvalidError] that has every document-level
// fault when it is JSON but unusable: no object, no section, a request key
// (referenceDate, products, productsCallbackURL, externalInfo) of the wrong
// form, or a section of which more than half of the records are unreadable.
// Everything less is listed in the problems, which also accompany an InvalidError,
// as does what could be read, so that the caller can tell its own faults with it.
func Read(body []byte) (*Document, *Problems, error) {
	r := newReader(body)
	doc := &Document{Sections: make(map[string]*Section, maxSections)}
	switch kind := r.peek(); {
	case r.err != nil:
	case kind == '{':
		documentTable.object(r, doc)
	default:
		r.skip()
		r.reject("", "the document is not a JSON object: send one object whose keys are sections such as accounts")
	}
	r.end()
	r.giveBack()
	if r.err != nil {
		return nil, nil, r.err
	}
	r.judgeSections(doc)
	if len(r.rejected) > 0 {
		return doc, &r.problems, &InvalidError{Problems: r.rejected}
	}
	return doc, &r.problems, nil
}

// judgeSections rejects a document without a section, or with a section of
// which more than half of the records are unreadable.
func (r *reader) judgeSections(doc *Document) {
	if len(doc.Sections) == 0 && len(r.rejected) == 0 {
		r.reject("", "the document has no section: send accounts, creditCardsAccounts or another Open Finance section")
	}
	for _, name := range sectionNames {
		s := doc.Sections[name]
		if s == nil || s.LeftOut <= s.Records {
			continue
		}
		r.section = name
		r.reject(name, fmt.Sprintf("%d of %d records cannot be read: mend the records named, or leave the section out", s.LeftOut, s.LeftOut+s.Records))
		causes := 0
		for _, p := range r.problems.List {
			if p.Section == name && p.Severity == LeftOut && causes < maxCauses {
				r.rejected = append(r.rejected, p)
				causes++
			}
		}
	}
	r.section = ""
}

// newReader returns a reader at the start of body, past a byte order mark.
func newReader(body []byte) *reader {
	trimmed := bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	r := &reader{
		room: rooms.Get().(*room),
		// A copy would cost as much memory again as the document has.
		text:   unsafe.String(unsafe.SliceData(trimmed), len(trimmed)),
		base:   int64(len(body) - len(trimmed)),
		budget: 3*len(body) + 1<<20,
	}
	r.start(trimmed)
	return r
}

// fold maps a key to the form in which spellings are compared: without case,
// blanks, hyphens and underscores.
func fold(key string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '_' || c == '-' || c == ' ' || c == '\t' || c == '\u00a0':
			return -1
		case 'A' <= c && c <= 'Z':
			return c + 'a' - 'A'
		}
		return c
	}, key)
}
