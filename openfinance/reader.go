package openfinance

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// reader walks the tokens of one document. Its first fault of syntax sticks in
// err: from then on every step is empty and every loop ends.
type reader struct {
	dec  *jsontext.Decoder
	text string // the document: strings without escapes are cut out of it
	base int64  // offset of text in the body
	err  error

	valid   bool // all of text is UTF-8
	escaped bool // some string may hold a backslash

	path     []step
	section  string   // name of the section being read, "" outside
	count    *Section // its counts, nil outside
	leave    bool     // the record being read is to be left out
	budget   int      // bytes of memory that records may still take
	problems Problems
	rejected []Problem

	*room
}

// room holds the buffers of [movements]. Documents take turns in it: it is a sixth
// of what reading one allocates.
type room struct {
	entries  pile[Transaction]
	lines    pile[CardTransaction]
	deals    pile[InvestmentTransaction]
	releases pile[Release]
}

func entries(r *reader) *pile[Transaction]         { return &r.entries }
func lines(r *reader) *pile[CardTransaction]       { return &r.lines }
func deals(r *reader) *pile[InvestmentTransaction] { return &r.deals }
func releases(r *reader) *pile[Release]            { return &r.releases }

var rooms = sync.Pool{New: func() any { return new(room) }}

// maxRoom is how many bytes each buffer of a room that is kept may take.
const maxRoom = 1 << 20

// giveBack returns the room with nothing of the document in it. A document that
// needed much more than others keeps its own.
func (r *room) giveBack() {
	if r.entries.empty() && r.lines.empty() && r.deals.empty() && r.releases.empty() {
		rooms.Put(r)
	}
}

// step is one step of the path to the value being read: a key, or an index when key is "".
type step struct {
	key   string
	index int
}

// spot says where a value stands: the key it is known by, and whether its
// record stands and falls with it.
type spot struct {
	key       string
	essential bool
}

func (r *reader) start(text []byte) {
	r.dec = jsontext.NewDecoder(bytes.NewBuffer(text),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	r.valid = utf8.Valid(text)
	r.escaped = bytes.IndexByte(text, '\\') >= 0
}

// peek returns the kind of the next token, 0 after a fault. What lies between the
// tokens is passed over here and checked by the decoder when the token is read.
func (r *reader) peek() jsontext.Kind {
	if r.err != nil {
		return 0
	}
	for i := int(r.dec.InputOffset()); i < len(r.text); i++ {
		if kind := kindOf[r.text[i]]; kind > between {
			return kind
		} else if kind != between {
			break
		}
	}
	kind := r.dec.PeekKind()
	if kind == 0 {
		r.token()
	}
	return kind
}

// between is the kind of the bytes that stand between tokens.
const between jsontext.Kind = 1

// kindOf is the kind of the token that begins with a byte, 0 when none does.
var kindOf = func() (kinds [256]jsontext.Kind) {
	for _, c := range " \n\r\t,:" {
		kinds[c] = between
	}
	for _, c := range `"{}[]tfn` {
		kinds[c] = jsontext.Kind(c)
	}
	for _, c := range "-0123456789" {
		kinds[c] = '0'
	}
	return kinds
}()

// token reads past the next token.
func (r *reader) token() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err != nil {
		r.fail(err)
	}
}

// value reads a scalar, and returns it as it is written. It is valid until the
// next step.
func (r *reader) value() []byte {
	if r.err != nil {
		return nil
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		r.fail(err)
		return nil
	}
	return v
}

// enter reads the opening of an object or list.
func (r *reader) enter() {
	r.token()
	if r.err == nil && r.dec.StackDepth() > MaxDepth {
		r.err = &SyntaxError{
			Offset: r.base + r.dec.InputOffset() - 1,
			Reason: "it is nested deeper than " + strconv.Itoa(MaxDepth) + " levels",
		}
	}
}

// more reports whether the object or list entered goes on, and reads its end when it does not.
func (r *reader) more() bool {
	switch r.peek() {
	case '}', ']':
		r.token()
		return false
	case 0:
		return false
	}
	return true
}

// skip reads past one value of any kind.
func (r *reader) skip() {
	if r.err != nil {
		return
	}
	outside := r.dec.StackDepth()
	for {
		switch r.peek() {
		case '{', '[':
			r.enter()
		default:
			r.token()
		}
		if r.err != nil || r.dec.StackDepth() <= outside {
			return
		}
	}
}

// end makes sure that nothing follows the document.
func (r *reader) end() {
	if r.err != nil {
		return
	}
	end := int(r.dec.InputOffset())
	if rest := strings.TrimLeft(r.text[end:], " \t\r\n"); rest != "" {
		r.err = &SyntaxError{Offset: r.base + int64(len(r.text)-len(rest)), Reason: "something follows the end of the document"}
	}
}

func (r *reader) fail(err error) {
	if r.err != nil {
		return
	}
	fault := NewSyntaxError(err, r.dec.InputOffset(), len(r.text))
	if len(r.text) > 0 {
		fault.Offset += r.base
	}
	r.err = fault
}

// NewSyntaxError makes a SyntaxError of what a jsontext.Decoder returned when it
// stood at an offset of a text of size bytes. It repeats nothing of the text.
func NewSyntaxError(err error, offset int64, size int) *SyntaxError {
	if size == 0 {
		return &SyntaxError{Reason: "it is empty"}
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		offset, err = syntactic.ByteOffset, syntactic.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &SyntaxError{Offset: int64(size), Reason: "it ends before the document is complete"}
	}
	return &SyntaxError{Offset: offset, Reason: withoutInput(err.Error())}
}

// withoutInput takes the quoted piece of the input out of an error text of jsontext.
func withoutInput(reason string) string {
	for _, prefix := range []string{"invalid character ", "invalid escape sequence ", "invalid surrogate pair "} {
		rest, found := strings.CutPrefix(reason, prefix)
		if !found {
			continue
		}
		if quoted, err := strconv.QuotedPrefix(rest); err == nil {
			rest = rest[len(quoted):]
		}
		return prefix + strings.TrimSpace(rest)
	}
	return reason
}

// scalar reads a value and returns its kind, 0 after a fault, and of a string or
// number its text. Objects and lists are skipped.
func (r *reader) scalar(at spot) (kind jsontext.Kind, text string) {
	kind = r.peek()
	switch kind {
	case '"':
		text = r.string(r.value(), at)
	case '0':
		raw := r.value()
		end := int(r.dec.InputOffset())
		text = r.text[end-len(raw) : end]
	case '{', '[':
		r.skip()
	default:
		r.token()
	}
	if r.err != nil {
		return 0, ""
	}
	return kind, text
}

// string returns the text of the JSON string just read. Broken characters are
// replaced, with a warning.
func (r *reader) string(raw []byte, at spot) string {
	if len(raw) < 2 {
		return ""
	}
	if (!r.escaped || bytes.IndexByte(raw, '\\') < 0) && (r.valid || utf8.Valid(raw)) {
		end := int(r.dec.InputOffset())
		return r.text[end-len(raw)+1 : end-1]
	}
	text, err := jsontext.AppendUnquote(make([]byte, 0, len(raw)), raw)
	if err != nil {
		r.warn(at, "has characters that are not Unicode, read as U+FFFD: send UTF-8, and surrogates in pairs")
	}
	return string(text)
}

// key reads the key of an object's next member. It is valid until the next step
// of the reader.
func (r *reader) key() []byte {
	raw := r.value()
	if len(raw) < 2 {
		return nil
	}
	if r.escaped && bytes.IndexByte(raw, '\\') >= 0 {
		// A fault of its characters makes it an unknown key, which is ignored anyhow.
		text, _ := jsontext.AppendUnquote(nil, raw)
		return text
	}
	return raw[1 : len(raw)-1]
}

func (r *reader) push(key string) { r.path = append(r.path, step{key: key}) }
func (r *reader) pop()            { r.path = r.path[:len(r.path)-1] }

// at returns the path to the value being read, with key below it.
func (r *reader) at(key string) string {
	var b strings.Builder
	for _, s := range r.path {
		if s.key == "" {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(s.index))
			b.WriteByte(']')
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.key)
	}
	if key != "" && b.Len() > 0 {
		b.WriteByte('.')
	}
	b.WriteString(key)
	return b.String()
}

// fault notes that a value cannot be read: the record is left out when the
// value is essential, else the value is ignored.
func (r *reader) fault(at spot, message string) {
	if at.essential {
		r.leave = true
		r.note(at.key, message, LeftOut)
		return
	}
	r.note(at.key, message, Warning)
}

// warn notes something that was read with a reservation.
func (r *reader) warn(at spot, message string) { r.note(at.key, message, Warning) }

// leaveOut notes why the record being read is left out.
func (r *reader) leaveOut(key, message string) {
	r.leave = true
	r.note(key, message, LeftOut)
}

// reject notes a fault that makes the document unusable.
func (r *reader) reject(path, message string) {
	r.rejected = append(r.rejected, Problem{Path: path, Message: message, Severity: Rejected, Section: r.section})
}

func (r *reader) note(key, message string, severity Severity) {
	p := Problem{Message: message, Severity: severity, Section: r.section}
	if r.problems.room(severity) {
		p.Path = r.at(key)
	}
	r.problems.Add(p)
}
