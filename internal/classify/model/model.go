package model

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed" // the model
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"sync"

	"github.com/openklaas/klaas/taxonomy"
)

//go:embed model.bin
var embedded []byte

// Model is a trained model. It is safe for concurrent use.
type Model struct {
	version string
	rule    string
	data    [sha256.Size]byte
	shift   uint8 // a feature's row is its hash >> shift
	classes []taxonomy.Code
	scales  []int64    // of the weights, by class
	allowed [2][]uint8 // classes for money out, for money in
	offsets []uint32   // of the rows in weights
	weights []weight
	steps   []Step
}

// weight is a class (high byte) and its weight (low byte, signed).
type weight uint16

// Step is a point of the calibration: answers whose margin is at least Margin were
// right in Permille of 1000 cases.
type Step struct {
	Margin   int32
	Permille uint16
}

// Load returns the embedded model. It is read at the first call; a test loads it,
// so a fault in it panics. An empty file is a model without answers: with it a
// first model, or one of another format, is trained.
var Load = sync.OnceValue(func() *Model {
	if len(embedded) == 0 {
		return &Model{version: "none"}
	}
	m, err := Read(embedded)
	if err != nil {
		panic("model: " + err.Error())
	}
	return m
})

// Version names the model's content: two programs with the same version answer
// alike.
func (m *Model) Version() string { return m.version }

// Rule is the id of the model as a rule of decisions: model/ and the version.
func (m *Model) Rule() string { return m.rule }

// Data is the hash of what the model was trained from.
func (m *Model) Data() [sha256.Size]byte { return m.data }

// Classes returns the categories that the model may answer.
func (m *Model) Classes() []taxonomy.Code { return slices.Clone(m.classes) }

// Answer is a category and the next best one, and how probable the first is.
type Answer struct {
	Code, RunnerUp taxonomy.Code // 0 when no category allows the direction
	Margin         int32         // between the two
	Confidence     uint16        // permille
}

// Answer returns the most probable category of the query's line.
func (m *Model) Answer(q *Query) Answer {
	side := 0
	if q.context.Credit {
		side = 1
	}
	allowed := m.allowed[side]
	if len(allowed) < 2 {
		return Answer{}
	}
	score := &q.score
	clear(score[:len(m.classes)])
	for _, h := range q.features {
		row := h >> m.shift
		for _, w := range m.weights[m.offsets[row]:m.offsets[row+1]] {
			score[w>>8] += int32(int8(w))
		}
	}
	var best, next uint8
	bestScore, nextScore := int64(math.MinInt64), int64(math.MinInt64)
	for _, c := range allowed {
		switch s := int64(score[c]) * m.scales[c]; {
		case s > bestScore:
			next, nextScore = best, bestScore
			best, bestScore = c, s
		case s > nextScore:
			next, nextScore = c, s
		}
	}
	a := Answer{Code: m.classes[best], RunnerUp: m.classes[next], Margin: margin(bestScore-nextScore, len(q.features))}
	a.Confidence = m.confidence(a.Margin)
	return a
}

// margin divides a difference of scores by the square root of the number of
// features, so that long texts are not surer than short ones.
func margin(difference int64, features int) int32 {
	return int32(min(difference/int64(root(features)), 1<<30))
}

// root is 256 times the square root of n, rounded down.
func root(n int) int { return roots[min(n, len(roots)-1)] }

var roots = func() (t [maxFeatures + 128]int) {
	r := 0
	for n := range t {
		for (r+1)*(r+1) <= n<<16 {
			r++
		}
		t[n] = max(r, 1)
	}
	return t
}()

// confidence looks a margin up in the calibration.
func (m *Model) confidence(margin int32) uint16 {
	p := uint16(0)
	for _, s := range m.steps {
		if margin < s.Margin {
			break
		}
		p = s.Permille
	}
	return p
}

// Word returns the word of the query's text that spoke most for a category; ""
// when none did.
func (m *Model) Word(q *Query, code taxonomy.Code) string {
	class := slices.Index(m.classes, code)
	word, most := "", int32(0)
	for _, w := range q.words {
		sum := int32(0)
		for _, h := range q.features[w.from:w.to] {
			row := h >> m.shift
			for _, e := range m.weights[m.offsets[row]:m.offsets[row+1]] {
				if int(e>>8) == class {
					sum += int32(int8(e))
					break
				}
			}
		}
		if sum > most {
			word, most = w.text, sum
		}
	}
	return word
}

// The file: a magic with the version of the format; the hash of the training data;
// then, compressed, the number of row bits, classes (code, scale), steps and
// rows (number of weights, class and weight each).
const magic = "klaasmdl1"

// ScaleBits is the binary point of scales: a scale of 1<<ScaleBits keeps weights as
// they are. Margins then count in 1/1024 of the natural logarithm of odds.
const ScaleBits = 18

// Parts are what a model is made of, as training gives it.
type Parts struct {
	Data    [sha256.Size]byte
	Bits    uint8 // 2^Bits rows
	Classes []taxonomy.Code
	Scales  []uint32
	Steps   []Step   // ascending
	Rows    [][]int8 // by row, then class; nil for a row without weights
}

// Encode writes a model file.
func Encode(p *Parts) ([]byte, error) {
	var body []byte
	body = append(body, p.Bits)
	body = binary.AppendUvarint(body, uint64(len(p.Classes)))
	for i, c := range p.Classes {
		body = binary.AppendUvarint(body, uint64(c))
		body = binary.AppendUvarint(body, uint64(p.Scales[i]))
	}
	body = binary.AppendUvarint(body, uint64(len(p.Steps)))
	for _, s := range p.Steps {
		body = binary.AppendUvarint(body, uint64(s.Margin))
		body = binary.AppendUvarint(body, uint64(s.Permille))
	}
	// Counts, classes and weights stand in blocks of their own: they compress better.
	var counts, classes, weights []byte
	for _, row := range p.Rows {
		n := 0
		for c, w := range row {
			if w != 0 {
				classes = append(classes, byte(c))
				weights = append(weights, byte(w))
				n++
			}
		}
		counts = append(counts, byte(n))
	}
	body = append(append(append(body, counts...), classes...), weights...)

	out := bytes.NewBufferString(magic)
	out.Write(p.Data[:])
	z, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Read reads a model file.
func Read(file []byte) (*Model, error) {
	if len(file) < len(magic)+sha256.Size || string(file[:len(magic)]) != magic {
		return nil, errors.New("is no model file of this version")
	}
	sum := sha256.Sum256(file)
	m := &Model{version: hex.EncodeToString(sum[:6]), data: [sha256.Size]byte(file[len(magic):])}
	m.rule = "model/" + m.version
	body, err := unpack(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be unpacked: %w", err)
	}
	r := reader{rest: body}
	rowBits := r.bytes(1)
	if r.short || rowBits[0] < 1 || rowBits[0] > 24 {
		return nil, errors.New("has no row bits")
	}
	m.shift = 32 - rowBits[0]
	classes := r.number()
	if classes < 2 || classes > maxClasses {
		return nil, fmt.Errorf("has %d classes", classes)
	}
	for i := range classes {
		code := taxonomy.Code(r.number())
		category, ok := taxonomy.Lookup(code)
		if !ok || category.Company || slices.Contains(m.classes, code) {
			return nil, fmt.Errorf("%s is no category of a person, or is told twice", code)
		}
		m.classes = append(m.classes, code)
		m.scales = append(m.scales, int64(r.number()))
		for side, credit := range []bool{false, true} {
			if category.Direction.Allows(credit) {
				m.allowed[side] = append(m.allowed[side], uint8(i))
			}
		}
	}
	for range r.number() {
		if r.short {
			break
		}
		m.steps = append(m.steps, Step{Margin: int32(r.number()), Permille: uint16(r.number())})
	}
	counts := r.bytes(1 << rowBits[0])
	m.offsets = make([]uint32, len(counts)+1)
	for i, n := range counts {
		m.offsets[i+1] = m.offsets[i] + uint32(n)
	}
	all := int(m.offsets[len(counts)])
	of, weights := r.bytes(all), r.bytes(all)
	if r.short || len(r.rest) > 0 {
		return nil, errors.New("is not as long as it says")
	}
	m.weights = make([]weight, all)
	for i := range m.weights {
		if int(of[i]) >= len(m.classes) {
			return nil, fmt.Errorf("has a weight of class %d", of[i])
		}
		m.weights[i] = weight(of[i])<<8 | weight(weights[i])
	}
	return m, nil
}

// unpack returns the body of a file that begins as it should.
func unpack(file []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReader(bytes.NewReader(file[len(magic)+sha256.Size:])))
}

// reader takes a body apart; short once it ended too early.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || bits.Len64(n) > 32 {
		r.short, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.short, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
