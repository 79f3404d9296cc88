package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/openfinance"
)

func submissionURL(id string) string { return "/klaas/v1/submissions/" + id }
func problemsURL(id string) string   { return submissionURL(id) + "/problems" }
func reportURL(id string) string     { return "/klaas/v1/reports/" + id }

// SubmissionList is a page of submissions, newest first.
type SubmissionList struct {
	Submissions []SubmissionHead `json:"submissions"`
	Next        string           `json:"next,omitempty" format:"uri-reference" doc:"The next, older page; absent on the last"`
}

// SubmissionHead is a submission in a list.
type SubmissionHead struct {
	RequestID    string     `json:"requestId" format:"uuid"`
	State        string     `json:"state" enum:"accepted,computed,failed" doc:"accepted: stored, not computed yet; computed: its reports are stored; failed: its reports say that it could not be analysed"`
	ReceivedAt   time.Time  `json:"receivedAt"`
	FinishedAt   *time.Time `json:"finishedAt,omitempty" doc:"When it was computed or failed"`
	ReferenceDay string     `json:"referenceDay" format:"date" doc:"The reporting day of its figures"`
	Size         int        `json:"size" doc:"Bytes of the document"`
	URL          string     `json:"url" format:"uri-reference"`
}

// SubmissionStatus is everything about a submission but its data.
type SubmissionStatus struct {
	SubmissionHead
	SettingsRevision int         `json:"settingsRevision" doc:"The revision of the application's settings that it is computed with"`
	Failure          string      `json:"failure,omitempty" doc:"The class of what made it fail"`
	Problems         ProblemRef  `json:"problems" doc:"Known once it is computed"`
	NotSent          []string    `json:"notSent" doc:"Products that are switched on and do not fit the document's kind"`
	Reports          []ReportRef `json:"reports"`
	Deliveries       []Delivery  `json:"deliveries" doc:"One for every report and webhook address"`
}

// Delivery is a report on its way to a webhook.
type Delivery struct {
	ID              string     `json:"id" format:"uuid"`
	ProductReportID string     `json:"productReportId" format:"uuid"`
	Endpoint        string     `json:"endpoint" doc:"The webhook's address without its query"`
	State           string     `json:"state" enum:"pending,delivered,dead"`
	CreatedAt       time.Time  `json:"createdAt"`
	NextAttemptAt   *time.Time `json:"nextAttemptAt,omitempty" doc:"While it is pending"`
	FinishedAt      *time.Time `json:"finishedAt,omitempty"`
	Attempts        []Attempt  `json:"attempts"`
}

// Attempt is one call of a webhook.
type Attempt struct {
	Number    int       `json:"number" doc:"From 1"`
	At        time.Time `json:"at"`
	Status    int       `json:"status,omitempty" doc:"The HTTP status of the answer; absent without one"`
	Failure   string    `json:"failure,omitempty" doc:"Why there was no answer: timeout, refused, tls, dns, blocked"`
	LatencyMS float64   `json:"latencyMs" doc:"Until the head of the answer"`
}

// ProblemList lists the problems of a submission's document.
type ProblemList struct {
	RequestID string                `json:"requestId" format:"uuid"`
	State     string                `json:"state" enum:"accepted,computed,failed" doc:"While accepted, what the reader found; then also what cleaning found"`
	Count     int                   `json:"count" doc:"How many there are; the first 1000 are listed"`
	Problems  []openfinance.Problem `json:"problems"`
}

// Pages of submissions.
const (
	defaultPage = 50
	maxPage     = 200
)

// listSubmissions is GET of a page of the application's submissions.
func listSubmissions(a *api, c *call) error {
	limit, before, err := page(c.req.URL.Query())
	if err != nil {
		return err
	}
	var rows, older []store.Submission
	err = a.Store.View(c.req.Context(), func(tx store.Tx) (err error) {
		ctx, app := c.req.Context(), c.principal.ApplicationID
		rows, err = tx.ListSubmissions(ctx, app, before, limit)
		if err != nil || len(rows) < limit {
			return err
		}
		older, err = tx.ListSubmissions(ctx, app, rows[len(rows)-1].ReceivedAt, 1)
		return err
	})
	if err != nil {
		return err
	}
	list := SubmissionList{Submissions: make([]SubmissionHead, len(rows))}
	for i := range rows {
		list.Submissions[i] = headOf(&rows[i])
	}
	if len(older) > 0 {
		query := url.Values{
			"before": {rows[len(rows)-1].ReceivedAt.UTC().Format(time.RFC3339Nano)},
			"limit":  {strconv.Itoa(limit)},
		}
		list.Next = "/klaas/v1/submissions?" + query.Encode()
	}
	writeJSON(c, http.StatusOK, list)
	return nil
}

// page reads the query parameters of a list. A zero before is the newest page.
func page(q url.Values) (limit int, before time.Time, err error) {
	limit = defaultPage
	if text := q.Get("limit"); text != "" {
		limit, err = strconv.Atoi(text)
		if err != nil || limit < 1 || limit > maxPage {
			return 0, before, badRequest("limit", "must be a whole number from 1 to "+strconv.Itoa(maxPage))
		}
	}
	if text := q.Get("before"); text != "" {
		before, err = time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return 0, before, badRequest("before", "must be a moment such as 2026-01-31T06:10:43Z")
		}
	}
	return limit, before, nil
}

func headOf(s *store.Submission) SubmissionHead {
	return SubmissionHead{
		RequestID: s.ID, State: string(s.State), ReceivedAt: s.ReceivedAt.UTC(), FinishedAt: moment(s.FinishedAt),
		ReferenceDay: s.ReferenceDay, Size: s.Size, URL: submissionURL(s.ID),
	}
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// showSubmission is GET of a submission's status.
func showSubmission(a *api, c *call) error {
	id, err := pathID(c, "submission")
	if err != nil {
		return err
	}
	ctx, app := c.req.Context(), c.principal.ApplicationID
	var status SubmissionStatus
	err = a.Store.View(ctx, func(tx store.Tx) error {
		s, err := tx.Submission(ctx, app, id)
		if err != nil {
			return missing(err, "submission")
		}
		reports, err := tx.ListReports(ctx, app, id)
		if err != nil {
			return err
		}
		status = SubmissionStatus{
			SubmissionHead: headOf(&s), SettingsRevision: s.SettingsRevision, Failure: s.Failure,
			Problems: ProblemRef{Count: s.ProblemCount, URL: problemsURL(id)},
			NotSent:  append([]string{}, s.NotSent...),
			Reports:  reportRefs(reports),
		}
		status.Deliveries, err = deliveries(c, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	writeJSON(c, http.StatusOK, status)
	return nil
}

func deliveries(c *call, tx store.Tx, submissionID string) ([]Delivery, error) {
	ctx, app := c.req.Context(), c.principal.ApplicationID
	endpoints, err := tx.ListEndpoints(ctx, app)
	if err != nil {
		return nil, err
	}
	address := make(map[string]string, len(endpoints))
	for _, e := range endpoints {
		address[e.ID], _, _ = strings.Cut(e.URL, "?")
	}
	stored, err := tx.ListDeliveries(ctx, app, submissionID)
	if err != nil {
		return nil, err
	}
	list := make([]Delivery, len(stored))
	for i, d := range stored {
		attempts, err := tx.ListAttempts(ctx, app, d.ID)
		if err != nil {
			return nil, err
		}
		list[i] = Delivery{
			ID: d.ID, ProductReportID: d.ReportID, Endpoint: address[d.EndpointID], State: string(d.State),
			CreatedAt: d.CreatedAt.UTC(), FinishedAt: moment(d.FinishedAt), Attempts: make([]Attempt, len(attempts)),
		}
		if d.State == store.Waiting {
			list[i].NextAttemptAt = moment(d.NextAttemptAt)
		}
		for j, t := range attempts {
			list[i].Attempts[j] = Attempt{
				Number: t.Number, At: t.At.UTC(), Status: t.Status, Failure: t.Failure,
				LatencyMS: float64(t.Latency.Microseconds()) / 1000,
			}
		}
	}
	return list, nil
}

// listProblems is GET of what is wrong with a submission's document.
func listProblems(a *api, c *call) error {
	id, err := pathID(c, "submission")
	if err != nil {
		return err
	}
	var s store.Submission
	err = a.Store.View(c.req.Context(), func(tx store.Tx) (err error) {
		s, err = tx.Submission(c.req.Context(), c.principal.ApplicationID, id)
		if err != nil {
			return missing(err, "submission")
		}
		if s.State == store.Accepted {
			s, err = tx.SubmissionForWork(c.req.Context(), id)
		}
		return err
	})
	if err != nil {
		return err
	}
	list := ProblemList{RequestID: id, State: string(s.State), Count: s.ProblemCount, Problems: []openfinance.Problem{}}
	switch {
	case s.State == store.Accepted:
		err = a.readAgain(&s, &list)
	case len(s.Problems) > 0:
		var text []byte
		if text, err = a.open(s.ID, s.WrappedKey, "problems", s.Problems); err == nil {
			err = json.Unmarshal(text, &list.Problems)
		}
	}
	if err != nil {
		return err
	}
	writeJSON(c, http.StatusOK, list)
	return nil
}

// readAgain lists what the reader found in a document that is not computed yet.
func (a *api) readAgain(s *store.Submission, list *ProblemList) error {
	body, err := a.open(s.ID, s.WrappedKey, "userdata", s.Userdata)
	if err != nil {
		return err
	}
	_, problems, err := openfinance.Read(body)
	if err != nil {
		return err
	}
	list.Count = problems.Total
	list.Problems = append(list.Problems, problems.List...)
	return nil
}

// pullReport is GET of a report: the bytes that were signed and pushed.
func pullReport(a *api, c *call) error {
	id, err := pathID(c, "report")
	if err != nil {
		return err
	}
	ctx, app := c.req.Context(), c.principal.ApplicationID
	var (
		r store.Report
		s store.Submission
	)
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		if r, err = tx.Report(ctx, app, id); err != nil {
			return missing(err, "report")
		}
		s, err = tx.Submission(ctx, app, r.SubmissionID)
		return err
	})
	if err != nil {
		return err
	}
	body, err := a.open(s.ID, s.WrappedKey, "report:"+r.ID, r.Body)
	if err != nil {
		return err
	}
	writeBytes(c, http.StatusOK, "application/json", body)
	return nil
}

// explainFigure is GET of what a figure of a report rests on.
func explainFigure(a *api, c *call) error {
	id, err := pathID(c, "report")
	if err != nil {
		return err
	}
	pointer := c.req.URL.Query().Get("pointer")
	if pointer != "" && pointer[0] != '/' {
		return badRequest("pointer", "must be a JSON pointer into the report, such as /income/monthlyIncome")
	}
	why, err := a.Explain(c.req.Context(), c.principal.ApplicationID, id, pointer)
	if err != nil {
		return missing(err, "report")
	}
	writeJSON(c, http.StatusOK, why)
	return nil
}

// open decrypts what is kept of a submission. 410 when it was erased.
func (a *api) open(submissionID string, wrapped []byte, purpose string, sealed []byte) ([]byte, error) {
	if len(wrapped) == 0 || len(sealed) == 0 {
		return nil, fail(http.StatusGone, "this was erased")
	}
	key, err := a.Keys.DataKey(submissionID, wrapped)
	if err != nil {
		return nil, err
	}
	return key.Open(purpose, sealed)
}

// pathID returns the id of the path. What is no UUID names nothing.
func pathID(c *call, what string) (string, error) {
	id := c.req.PathValue("id")
	if len(id) != 36 || uuid.Validate(id) != nil {
		return "", notFound(what)
	}
	return strings.ToLower(id), nil
}

func missing(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound(what)
	}
	return err
}
