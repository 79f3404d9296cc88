package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/openklaas/klaas/internal/receive"
)

// readJSON returns the expanded body of a JSON request and the memory it holds,
// which the caller releases.
//
// 415 for another content type, charset or encoding, 413 for more than MaxBody
// bytes before or after expanding, 400 for a broken encoding or a body that
// stops early, 408 for one that stops coming, 503 when there is no memory for it.
func (a *api) readJSON(w http.ResponseWriter, r *http.Request) ([]byte, *receive.Hold, error) {
	if err := wantJSON(r.Header.Get("Content-Type")); err != nil {
		return nil, nil, err
	}
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(r.Header.Values("Content-Encoding"), ",")))
	decode, known := decoders[encoding]
	if !known {
		return nil, nil, &failure{
			status:  http.StatusUnsupportedMediaType,
			message: "this Content-Encoding is not understood: use gzip or zstd, once, or none",
			header:  http.Header{"Accept-Encoding": {"gzip, zstd"}},
		}
	}
	if r.ContentLength > a.MaxBody {
		return nil, nil, a.tooLarge()
	}

	expect := firstRead
	if decode == nil && r.ContentLength >= 0 {
		expect = r.ContentLength
	}
	hold, err := a.Memory.Hold(r.Context(), expect)
	if err != nil {
		return nil, nil, err
	}
	body, err := a.readAll(w, r, decode, hold, expect)
	if err != nil {
		hold.Release()
		return nil, nil, err
	}
	return body, hold, nil
}

// firstRead is how much room a body of unknown length gets at first.
const firstRead int64 = 64 << 10

func (a *api) readAll(w http.ResponseWriter, r *http.Request, decode decoder, hold *receive.Hold, expect int64) ([]byte, error) {
	steady := newSteady(w, r.Body, a.Stall)
	var source io.Reader = http.MaxBytesReader(w, steady, a.MaxBody)
	if decode != nil {
		plain, stop, err := decode(source)
		if err != nil {
			return nil, a.readFailure(r, err)
		}
		defer stop()
		source = plain
	}
	// One byte more than expected, so that the end is seen without growing.
	body := make([]byte, 0, expect+1)
	for {
		n, err := source.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if int64(len(body)) > a.MaxBody {
			return nil, a.tooLarge()
		}
		if errors.Is(err, io.EOF) {
			steady.release()
			return body, nil
		}
		if err != nil {
			return nil, a.readFailure(r, err)
		}
		if len(body) == cap(body) {
			room := min(2*int64(cap(body)), a.MaxBody+1)
			if err := hold.Grow(room); err != nil {
				return nil, err
			}
			body = append(make([]byte, 0, room), body...)
		}
	}
}

// longestBody is how long the sending of a body may take in all.
const longestBody = 2 * time.Minute

// steady is a body whose sender must not pause for long.
type steady struct {
	io.ReadCloser
	connection *http.ResponseController
	pause      time.Duration
	end        time.Time
}

func newSteady(w http.ResponseWriter, body io.ReadCloser, pause time.Duration) *steady {
	return &steady{body, http.NewResponseController(w), pause, time.Now().Add(longestBody)}
}

func (s *steady) Read(p []byte) (int, error) {
	next := time.Now().Add(s.pause)
	if next.After(s.end) {
		next = s.end
	}
	// Where there is no connection, as in tests, there is no pause to bound.
	_ = s.connection.SetReadDeadline(next)
	return s.ReadCloser.Read(p)
}

// release lifts the limit after a whole body: one that passes while the request
// is worked on would count as a caller that went away.
func (s *steady) release() { _ = s.connection.SetReadDeadline(time.Time{}) }

// readFailure says why a body could not be read. The texts of the decoders
// speak of their format alone.
func (a *api) readFailure(r *http.Request, err error) error {
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong), errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return a.tooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &failure{
			status: http.StatusRequestTimeout, cause: err,
			message: fmt.Sprintf("the body stopped coming: send it without pauses over %s and within %s", a.Stall, longestBody),
		}
	case r.Context().Err() != nil:
		return &failure{status: http.StatusBadRequest, message: "the connection ended before the body did", cause: err}
	}
	return &failure{
		status:  http.StatusBadRequest,
		message: "the body stops early or is not in the encoding that its headers name (Content-Length, Transfer-Encoding, Content-Encoding)",
		cause:   err,
	}
}

func (a *api) tooLarge() *failure {
	return fail(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has more than %d bytes (after decompression, where it is compressed)", a.MaxBody))
}

// wantJSON checks a Content-Type.
func wantJSON(text string) error {
	wrong := &failure{
		status:  http.StatusUnsupportedMediaType,
		message: "send the header Content-Type: application/json (charset UTF-8)",
		header:  http.Header{"Accept": {"application/json"}, "Accept-Post": {"application/json"}},
	}
	kind, parameters, err := mime.ParseMediaType(text)
	if err != nil || kind != "application/json" {
		return wrong
	}
	if charset, given := parameters["charset"]; given && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		return wrong
	}
	return nil
}

// decoder undoes a Content-Encoding. stop frees what it holds.
type decoder func(io.Reader) (plain io.Reader, stop func(), err error)

// decoders are the encodings of a request body; nil where nothing is to be undone.
var decoders = map[string]decoder{
	"":         nil,
	"identity": nil,
	"gzip":     gunzip,
	"x-gzip":   gunzip,
	"zstd":     unzstd,
}

func gunzip(r io.Reader) (io.Reader, func(), error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	return z, func() { _ = z.Close() }, nil
}

// zstdWindow is the largest window that a sender may use: what RFC 9659 grants
// for Content-Encoding.
const zstdWindow = 8 << 20

func unzstd(r io.Reader) (io.Reader, func(), error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}
