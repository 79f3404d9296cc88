// Package api is klaas over HTTP.
//
// [New] returns the handler of every route. [operations] is the one list of
// them: the router, the OpenAPI document and the documentation page are derived
// from it. A route has an access rule, and each handler asks the store for the
// data of the calling application alone, so that nobody can reach another's: what
// is another's is answered as what does not exist.
//
// Every answer that is not a success has the one body [ErrorBody], also for unknown
// routes and methods. No value of a request is repeated in it or in the log: the
// log has route patterns, never paths, and the class of an unforeseen error,
// never its text.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/receive"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/store"
)

// DefaultMaxBody is the largest body that is taken unless Config says otherwise.
const DefaultMaxBody = 50 << 20

// DefaultStall is the longest pause of a sender unless Config says otherwise.
const DefaultStall = 15 * time.Second

// DefaultAnalyticsPath is where a document is posted. It always works.
const DefaultAnalyticsPath = "/klaas/openfinance/v1/analytics"

// Config is what the API needs. Fields without a default are needed.
type Config struct {
	Store    store.Store
	Keys     *seal.Keyset
	Accounts *account.Service
	Receiver *receive.Receiver
	// Memory bounds the documents that are being received at one time.
	Memory *receive.Budget
	// Wait returns when the reports of a submission are stored, or with an error
	// when the context ended before. It is (*flow.Flow).Wait.
	Wait func(ctx context.Context, submissionID string) error
	// Explain tells what a figure of a report of an application rests on. It is
	// (*flow.Flow).Explain.
	Explain func(ctx context.Context, applicationID, reportID, pointer string) (*klaas.Why, error)
	// Draining reports whether the server is about to stop. Default: never.
	Draining func() bool
	// Log gets a line for every request. Default: slog.Default().
	Log *slog.Logger
	// AnalyticsPaths are further paths of the analytics call.
	AnalyticsPaths []string
	// CategoriseLimit is the most transactions of one categorisation call.
	// Default: DefaultCategoriseLimit.
	CategoriseLimit int
	// MaxBody is the largest body in bytes, as sent and expanded. Default: DefaultMaxBody.
	MaxBody int64
	// Stall is the longest that a sender may pause within a body: until it ends,
	// the room for the whole document is taken from others. Default: DefaultStall.
	Stall time.Duration
	// Version is the program's, for the OpenAPI document.
	Version string
}

type api struct {
	Config
	operations []operation
	openAPI    []byte // the document, as JSON
	docs       []byte // the page
	docsPolicy string // its Content-Security-Policy
	lines      categorisers
}

// New returns the handler of all routes.
func New(c Config) (http.Handler, error) {
	if c.Store == nil || c.Keys == nil || c.Accounts == nil || c.Receiver == nil || c.Memory == nil || c.Wait == nil || c.Explain == nil {
		return nil, errors.New("api: Store, Keys, Accounts, Receiver, Memory, Wait and Explain are needed")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Draining == nil {
		c.Draining = func() bool { return false }
	}
	if c.MaxBody <= 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.CategoriseLimit <= 0 {
		c.CategoriseLimit = DefaultCategoriseLimit
	}
	if c.Stall <= 0 {
		c.Stall = DefaultStall
	}
	a := &api{Config: c, operations: operations(c.AnalyticsPaths)}
	var err error
	if a.openAPI, err = a.describe(); err != nil {
		return nil, fmt.Errorf("api: the OpenAPI document: %w", err)
	}
	if a.docs, a.docsPolicy, err = a.page(); err != nil {
		return nil, fmt.Errorf("api: the documentation page: %w", err)
	}
	return a.router(), nil
}

// OpenAPI returns the OpenAPI 3.1 document of a server with further analytics paths.
func OpenAPI(version string, analyticsPaths []string) ([]byte, error) {
	a := &api{Config: Config{Version: version, MaxBody: DefaultMaxBody}, operations: operations(analyticsPaths)}
	return a.describe()
}

// Server returns an HTTP server with limits that fit this API: a sender may be
// slow, but may pause within a document for [Config].Stall alone and has two
// minutes for the whole of it; no answer takes longer than to wait for reports
// and to send them. The caller sets its address and TLS.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		WriteTimeout:      4 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// call is one request on its way.
type call struct {
	http.ResponseWriter
	req       *http.Request
	id        string // requestId: of the request, then of the submission that it made
	route     string // the pattern, for the log
	principal account.Principal
	status    int
	read      int64 // bytes of the body, as sent
	written   int64
}

// counted counts what is read of a body.
type counted struct {
	io.ReadCloser
	n *int64
}

func (r counted) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	*r.n += int64(n)
	return n, err
}

// WriteHeader notes the status.
func (c *call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (c *call) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(p)
	c.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController and http.MaxBytesReader find the connection.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// methods are the operations of one path.
type methods map[string]*operation

// router returns the handler that finds the operation of a request. ServeMux
// finds the path; methods, unknown paths and unclean ones are ours, because its
// own answers for them are not JSON.
func (a *api) router() http.Handler {
	byPath := make(map[string]methods)
	for i := range a.operations {
		o := &a.operations[i]
		for _, p := range append([]string{o.path}, o.aliases...) {
			if byPath[p] == nil {
				byPath[p] = methods{}
			}
			byPath[p][o.method] = o
		}
	}
	mux := http.NewServeMux()
	for pattern, m := range byPath {
		mux.Handle(pattern, m.handler(a, pattern))
	}
	mux.Handle("/", a.serve("unknown", func(*call) error { return unknownRoute() }))
	unclean := a.serve("unknown", func(*call) error { return unknownRoute() })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// ServeMux answers an unclean path with a redirect, which would repeat it.
		if p := r.URL.Path; p != "/" && (path.Clean(p) != strings.TrimSuffix(p, "/") || !strings.HasPrefix(p, "/")) {
			unclean.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func unknownRoute() *failure {
	return fail(http.StatusNotFound, "there is no such route: GET /openapi.json and GET /docs list them")
}

// handler serves the methods of one path. HEAD is GET without the body.
func (m methods) handler(a *api, pattern string) http.Handler {
	allow := make([]string, 0, len(m)+1)
	for method := range m {
		allow = append(allow, method)
		if method == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	slices.Sort(allow)
	return a.serve(pattern, func(c *call) error {
		method := c.req.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		o := m[method]
		if o == nil {
			return &failure{
				status:  http.StatusMethodNotAllowed,
				message: "this route has another method: use " + strings.Join(allow, " or "),
				header:  http.Header{"Allow": {strings.Join(allow, ", ")}},
			}
		}
		if !o.open {
			principal, err := a.authenticate(c.req)
			if err != nil {
				return err
			}
			c.principal = principal
		}
		return o.handle(a, c)
	})
}

// serve wraps what every request needs: an id, safe headers, the error body,
// the log, and an answer even when the handler panics.
func (a *api) serve(route string, handle func(*call) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		c := &call{ResponseWriter: w, req: r.WithContext(r.Context()), id: uuid.NewString(), route: route}
		c.req.Body = counted{r.Body, &c.read}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		err := recovered(func() error { return handle(c) })
		if err != nil {
			a.answer(c, err)
		}
		a.log(c, time.Since(start))
	})
}

// answer sends a failure, unless the success has begun.
func (a *api) answer(c *call, err error) {
	f := a.failureOf(err)
	if f.status >= http.StatusInternalServerError {
		a.Log.LogAttrs(c.req.Context(), slog.LevelError, "request failed",
			slog.String("requestId", c.id), slog.String("route", c.route), slog.String("class", class(f.cause, a.Store.Unavailable)))
	}
	if c.status == 0 {
		writeFailure(c, f, c.id)
	}
}
