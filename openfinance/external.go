package openfinance

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openklaas/klaas/internal/encode"
)

// externalInfo reads what the partner wants back with every report. It is
// written as JSON.stringify(JSON.parse(…)) writes it, so that a receiver in
// JavaScript finds the signed bytes when it serialises what it parsed. What
// JavaScript would change or lose is rejected.
func (r *reader) externalInfo(at spot) ([]byte, bool) {
	if r.peek() != '{' {
		r.skip()
		r.reject(r.at(at.key), "is not an object: send a JSON object")
		return nil, false
	}
	before := len(r.rejected)
	r.push(at.key)
	w := scriptWriter{r: r, limit: r.dec.InputOffset() + maxExternalInfo}
	w.value()
	r.pop()
	return w.out, r.err == nil && len(r.rejected) == before
}

// maxExternalInfo bounds the length of externalInfo, which stands in every report.
const maxExternalInfo = 1 << 20

// scriptWriter copies JSON in the form of JavaScript.
type scriptWriter struct {
	r       *reader
	out     []byte
	limit   int64 // where externalInfo is too long
	tooLong bool
}

// maxFaults bounds how many faults of externalInfo are told.
const maxFaults = 100

func (w *scriptWriter) reject(message string) {
	if len(w.r.rejected) < maxFaults {
		w.r.reject(w.r.at(""), message)
	}
}

func (w *scriptWriter) value() {
	if !w.tooLong && w.r.dec.InputOffset() > w.limit {
		w.tooLong = true
		w.reject("is longer than 1 MiB, and every report holds it: send less, such as an id of yours")
	}
	if w.tooLong {
		w.r.skip()
		return
	}
	switch w.r.peek() {
	case '{':
		w.object()
	case '[':
		w.list()
	case '"':
		w.out = encode.AppendString(w.out, w.text(w.r.value()))
	case '0':
		w.number(string(w.r.value()))
	default:
		w.out = append(w.out, w.r.value()...)
	}
}

func (w *scriptWriter) list() {
	w.out = append(w.out, '[')
	w.r.enter()
	w.r.path = append(w.r.path, step{})
	for first := true; w.r.more(); first = false {
		if !first {
			w.out = append(w.out, ',')
		}
		w.value()
		w.r.path[len(w.r.path)-1].index++
	}
	w.r.pop()
	w.out = append(w.out, ']')
}

// member is one member of an object as it stands in out.
type member struct {
	index      uint32 // the key as an array index
	isIndex    bool
	start, end int
}

func (w *scriptWriter) object() {
	start := len(w.out)
	var members []member
	names := map[string]bool{}
	reorder := false
	w.r.enter()
	for w.r.more() {
		if w.tooLong {
			w.r.value()
			w.r.skip()
			continue
		}
		raw := slices.Clone(w.r.value())
		name := w.text(raw)
		w.r.push(pathKey(name))
		if names[name] {
			w.reject("is there twice: JavaScript keeps one of them; send each key once")
		}
		names[name] = true
		m := member{start: len(w.out)}
		m.index, m.isIndex = arrayIndex(name)
		reorder = reorder || m.isIndex
		w.out = encode.AppendString(w.out, name)
		w.out = append(w.out, ':')
		w.value()
		w.r.pop()
		m.end = len(w.out)
		members = append(members, m)
	}
	if reorder {
		slices.SortStableFunc(members, byScriptOrder)
	}
	w.assemble(start, members)
}

// byScriptOrder puts array indices first, ascending; the other keys stay in their order.
func byScriptOrder(a, b member) int {
	switch {
	case a.isIndex && b.isIndex:
		return int(int64(a.index) - int64(b.index))
	case a.isIndex:
		return -1
	case b.isIndex:
		return 1
	}
	return 0
}

// assemble writes the members, which stand in out from start on, as an object in their place.
func (w *scriptWriter) assemble(start int, members []member) {
	object := make([]byte, 0, len(w.out)-start+len(members)+2)
	object = append(object, '{')
	for i, m := range members {
		if i > 0 {
			object = append(object, ',')
		}
		object = append(object, w.out[m.start:m.end]...)
	}
	object = append(object, '}')
	w.out = append(w.out[:start], object...)
}

// text returns the text of a raw JSON string.
func (w *scriptWriter) text(raw []byte) string {
	text, err := jsontext.AppendUnquote(nil, raw)
	if err == nil {
		return string(text)
	}
	if !utf8.Valid(raw) {
		w.r.warn(spot{}, "has characters that are not Unicode, read as U+FFFD: send UTF-8")
		_, err = jsontext.AppendUnquote(nil, bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	}
	if err != nil {
		w.reject("has a surrogate without its other half: send it as a string of whole characters")
	}
	return string(text)
}

// maxPathKey bounds the key of the partner's own object in a path.
const maxPathKey = 40

// pathKey is a key of the partner's own object as a step of a path.
func pathKey(name string) string {
	if name == "" {
		return `""`
	}
	if utf8.RuneCountInString(name) <= maxPathKey {
		return name
	}
	return string([]rune(name)[:maxPathKey]) + "…"
}

// arrayIndex reports whether a key is the canonical text of an integer from 0 to
// 2^32−2, which JavaScript orders before all other keys.
func arrayIndex(name string) (uint32, bool) {
	if name == "" || len(name) > 10 || !digits(name) || (name[0] == '0' && name != "0") {
		return 0, false
	}
	n, err := strconv.ParseUint(name, 10, 64)
	if err != nil || n > math.MaxUint32-1 {
		return 0, false
	}
	return uint32(n), true
}

// maxSafe is Number.MAX_SAFE_INTEGER.
const maxSafe = 1<<53 - 1

// number writes a number as JavaScript does, when it can hold it.
func (w *scriptWriter) number(text string) {
	if text == "" {
		return
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		w.reject("is a number beyond what JavaScript can hold: send it as a string")
		return
	}
	if f == math.Trunc(f) && math.Abs(f) > maxSafe {
		w.reject(fmt.Sprintf("is an integer beyond ±%d: send it as a string", maxSafe))
		return
	}
	start := len(w.out)
	w.out = appendScriptFloat(w.out, f)
	if !sameDecimal(text, string(w.out[start:])) {
		w.reject("is a number that JavaScript cannot hold exactly: send it as a string")
	}
}

// appendScriptFloat appends a finite number as Number.prototype.toString writes
// it: the shortest digits, an exponent below 1e-6 and from 1e21 on.
func appendScriptFloat(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0')
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// Go writes at least two digits of the exponent: 1e-07.
	if e := start + bytes.IndexByte(dst[start:], 'e') + 2; dst[e] == '0' {
		dst = slices.Delete(dst, e, e+1)
	}
	return dst
}

// sameDecimal reports whether two JSON numbers have the same value.
func sameDecimal(a, b string) bool {
	digitsA, pointA, minusA := decimal(a)
	digitsB, pointB, minusB := decimal(b)
	return digitsA == digitsB && (digitsA == "" || pointA == pointB && minusA == minusB)
}

// decimal takes a JSON number apart: its digits without zeros at the ends, the
// place of the point before them, and the sign. The digits of zero are "".
func decimal(number string) (significant string, point int, minus bool) {
	number, minus = strings.CutPrefix(number, "-")
	exponent := 0
	if e := strings.IndexAny(number, "eE"); e >= 0 {
		exponent, _ = strconv.Atoi(number[e+1:]) // held at the ends of int, where no float reaches
		number = number[:e]
	}
	whole, fraction, _ := strings.Cut(number, ".")
	all := strings.TrimLeft(whole+fraction, "0")
	point = len(all) - len(fraction) + exponent
	return strings.TrimRight(all, "0"), point, minus
}
