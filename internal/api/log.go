package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"
)

// log writes the line of a request: nothing in it comes from the caller but
// numbers, a known method, and the id of the application.
func (a *api) log(c *call, took time.Duration) {
	a.Log.LogAttrs(c.req.Context(), slog.LevelInfo, "request",
		slog.String("method", knownMethod(c.req.Method)),
		slog.String("route", c.route),
		slog.Int("status", c.status),
		slog.Int64("in", c.read),
		slog.Int64("out", c.written),
		slog.Duration("took", took),
		slog.String("requestId", c.id),
		slog.String("applicationId", c.principal.ApplicationID),
	)
}

// knownMethod returns the method, or OTHER: a caller can write anything there.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "OTHER"
}

// panicError is a panic of a handler: its type and the functions it went
// through, without the value and the arguments, which may hold data.
type panicError struct {
	kind   string
	frames string
}

func (e *panicError) Error() string { return "panic " + e.kind + " at " + e.frames }

// recovered runs f and turns a panic into an error.
func recovered(f func() error) (err error) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if value == http.ErrAbortHandler { //nolint:errorlint // the very value that net/http documents
			panic(value)
		}
		err = &panicError{kind: fmt.Sprintf("%T", value), frames: frames()}
	}()
	return f()
}

// frames lists the functions that a panic went through, innermost first.
func frames() string {
	var pcs [24]uintptr
	stack := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs[:])])
	var b strings.Builder
	for {
		frame, more := stack.Next()
		if b.Len() > 0 {
			b.WriteString(" < ")
		}
		fmt.Fprintf(&b, "%s:%d", frame.Function, frame.Line)
		if !more {
			return b.String()
		}
	}
}

// class describes an error for the log. Errors of a database that is away are
// told as they are, for the operator has to act on them; of others only the
// types and codes, because their texts may repeat a value.
func class(err error, unavailable func(error) bool) string {
	if err == nil {
		return ""
	}
	var p *panicError
	if errors.As(err, &p) || unavailable(err) {
		return err.Error()
	}
	var names []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		name := fmt.Sprintf("%T", e)
		switch coded := e.(type) { //nolint:errorlint // each link of the chain is looked at
		case interface{ SQLState() string }:
			name += " " + coded.SQLState()
		case interface{ Code() int }:
			name += fmt.Sprintf(" %d", coded.Code())
		}
		names = append(names, name)
	}
	return strings.Join(names, " > ")
}
