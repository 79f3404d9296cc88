package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/flow"
	"github.com/openklaas/klaas/internal/receive"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/openfinance"
)

// ErrorBody is the one error body of this server, for every route and status.
type ErrorBody struct {
	StatusCode int     `json:"statusCode" doc:"The HTTP status; with status 416 the business code (4002, 4005, 4006)"`
	Title      string  `json:"error" doc:"The name of the status or business code"`
	Message    string  `json:"message" doc:"What is wrong and how to mend it. Holds no value of the request"`
	RequestID  string  `json:"requestId" doc:"Names this request in the logs of the operator"`
	Errors     []Fault `json:"errors,omitempty" doc:"Every fault that makes the request unusable, at once"`
}

// Fault is one fault of a request.
type Fault struct {
	Path    string `json:"path" doc:"Where: a JSON path of the body, or the name of a header or query parameter"`
	Message string `json:"message" doc:"What is wrong and how to mend it"`
}

// failure is an answer that is not a success. Handlers return it; [failureOf]
// makes one of every other error. Its texts never hold a value of the request.
type failure struct {
	status     int
	code       int    // statusCode of the body; 0: the status
	title      string // "": that of the status
	message    string
	faults     []Fault
	header     http.Header // further headers of the answer
	retryAfter int         // seconds; 0: none
	cause      error       // for the log alone
}

func (f *failure) Error() string { return f.message }

func (f *failure) Unwrap() error { return f.cause }

func fail(status int, message string) *failure { return &failure{status: status, message: message} }

// badRequest is a fault of a header or query parameter.
func badRequest(name, message string) *failure {
	return &failure{
		status: http.StatusBadRequest, message: name + " " + message,
		faults: []Fault{{Path: name, Message: message}},
	}
}

// notFound is the answer for what does not exist and for what is another
// application's: nobody can tell one from the other.
func notFound(what string) *failure {
	return fail(http.StatusNotFound, "there is no such "+what+" of this application")
}

// retrySeconds is the Retry-After of a server that is over a limit.
const retrySeconds = 5

// failureOf is the one place where errors become HTTP.
func (a *api) failureOf(err error) *failure {
	var (
		f       *failure
		syntax  *openfinance.SyntaxError
		invalid *openfinance.InvalidError
		refused *receive.BusinessError
	)
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &syntax):
		return fail(http.StatusBadRequest, fmt.Sprintf("the body is not valid JSON at byte %d: %s", syntax.Offset, syntax.Reason))
	case errors.As(err, &invalid):
		return &failure{status: http.StatusUnprocessableEntity, message: summary(invalid.Problems), faults: faults(invalid.Problems)}
	case errors.As(err, &refused):
		return &failure{
			status: http.StatusRequestedRangeNotSatisfiable,
			code:   int(refused.Code), title: refused.Code.Title(),
			message: summary(refused.Faults), faults: faults(refused.Faults),
		}
	case errors.Is(err, receive.ErrKeyReused):
		return &failure{
			status: http.StatusConflict, message: err.Error() + ": send a new key with a new body",
			faults: []Fault{{Path: "Idempotency-Key", Message: "was used for another body in the last 24 hours"}},
		}
	case errors.Is(err, receive.ErrBusy):
		return &failure{status: http.StatusServiceUnavailable, retryAfter: retrySeconds, message: "the server is busy with other documents: try again later", cause: err}
	case errors.Is(err, receive.ErrUnavailable), a.Store.Unavailable(err):
		return &failure{status: http.StatusServiceUnavailable, retryAfter: retrySeconds, message: "the database does not answer or does not take more: try again later; nothing was stored", cause: err}
	case errors.Is(err, flow.ErrErased):
		return fail(http.StatusGone, "this was erased")
	case errors.Is(err, flow.ErrChanged):
		return fail(http.StatusGone, "the report was made by another version of klaas, which computed something else: its own evidence block tells what it rests on; send the document again for a new report")
	case errors.Is(err, klaas.ErrNoFigure):
		return fail(http.StatusNotFound, "the pointer leads to no figure of this report: give the pointer of an object, such as that of the body, to list the figures inside")
	case errors.Is(err, klaas.ErrNotAnalytic):
		return fail(http.StatusNotFound, "reports of this product repeat what was sent: only analytic products have figures")
	case errors.Is(err, account.ErrUnauthorised):
		return unauthorised("the credentials are unknown, expired or revoked")
	case errors.Is(err, store.ErrNotFound):
		return notFound("thing")
	}
	return &failure{status: http.StatusInternalServerError, message: "something went wrong in klaas: tell the operator the requestId", cause: err}
}

// summary says the first fault and how many there are.
func summary(problems []openfinance.Problem) string {
	if len(problems) == 0 {
		return "the document cannot be used"
	}
	text := problems[0].Message
	if problems[0].Path != "" {
		text = problems[0].Path + ": " + text
	}
	if n := len(problems); n > 1 {
		text += " (and " + strconv.Itoa(n-1) + " more: see errors)"
	}
	return text
}

func faults(problems []openfinance.Problem) []Fault {
	list := make([]Fault, len(problems))
	for i, p := range problems {
		list[i] = Fault{Path: p.Path, Message: p.Message}
	}
	return list
}

// writeFailure answers with the one error body.
func writeFailure(w http.ResponseWriter, f *failure, requestID string) {
	body := ErrorBody{StatusCode: f.code, Title: f.title, Message: f.message, RequestID: requestID, Errors: f.faults}
	if body.StatusCode == 0 {
		body.StatusCode = f.status
	}
	if body.Title == "" {
		body.Title = http.StatusText(f.status)
	}
	for name, values := range f.header {
		w.Header()[name] = values
	}
	if f.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	writeJSON(w, f.status, body)
}

// writeJSON answers with a JSON body. The types of this package always encode.
func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic("api: an answer does not encode: " + err.Error())
	}
	writeBytes(w, status, "application/json", text)
}

func writeBytes(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// A caller that went away cannot be told so.
	_, _ = w.Write(body)
}
