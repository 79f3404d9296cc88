package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/store"
)

// Receipt is the answer to an accepted document.
type Receipt struct {
	Code      int         `json:"code" doc:"200" example:"200"`
	Message   string      `json:"message" doc:"OK" example:"OK"`
	RequestID string      `json:"requestId" format:"uuid" doc:"Names the submission; stands in every report that it makes"`
	Problems  *ProblemRef `json:"problems,omitempty" doc:"Present when records were left out or fields ignored"`
	Reports   []ReportRef `json:"reports,omitzero" required:"false" doc:"Present when Prefer: wait=N was sent and the reports are ready"`
}

// ProblemRef tells how many problems a document has and where they are listed.
type ProblemRef struct {
	Count int    `json:"count" doc:"How many there are; at most 1000 are listed"`
	URL   string `json:"url" format:"uri-reference" doc:"Where they are listed"`
}

// ReportRef points at a finished report.
type ReportRef struct {
	ProductReportID string `json:"productReportId" format:"uuid" doc:"The same id as in the report and in its webhook"`
	Product         string `json:"product" example:"pf_checking_account"`
	Version         string `json:"version" example:"V1"`
	Part            int    `json:"part" doc:"From 1; more than 1 where a product makes one report per institution"`
	Code            int    `json:"code" doc:"The code in the report: 200, 204, 205, 5000 to 5299; of a legacy product 200, 202, 404, 405" example:"200"`
	Size            int    `json:"size" doc:"Bytes of the report"`
	URL             string `json:"url" format:"uri-reference" doc:"Where its bytes can be pulled"`
}

// maxKey is the longest Idempotency-Key.
const maxKey = 255

// acceptDocument is POST of a userdata document.
func acceptDocument(a *api, c *call) error {
	if a.Draining() {
		return &failure{status: http.StatusServiceUnavailable, retryAfter: retrySeconds, message: "the server is about to stop: try again later"}
	}
	key, err := idempotencyKey(c.req.Header)
	if err != nil {
		return err
	}
	body, hold, err := a.readJSON(c, c.req)
	if err != nil {
		return err
	}
	defer hold.Release()
	accepted, err := a.Receiver.Accept(c.req.Context(), c.principal, body, key)
	if err != nil {
		return err
	}
	hold.Release() // before waiting for reports

	c.id = accepted.RequestID
	receipt := Receipt{Code: http.StatusOK, Message: "OK", RequestID: accepted.RequestID}
	problems := accepted.ProblemCount
	if wait := preferredWait(c.req.Header.Values("Prefer")); wait > 0 {
		if s, reports, ready := a.awaited(c, accepted.RequestID, wait); ready {
			receipt.Reports, problems = reportRefs(reports), s.ProblemCount
			c.Header().Set("Preference-Applied", "wait="+strconv.Itoa(wait))
		}
	}
	if problems > 0 {
		receipt.Problems = &ProblemRef{Count: problems, URL: problemsURL(accepted.RequestID)}
	}
	writeJSON(c, http.StatusOK, receipt)
	return nil
}

// awaited returns a submission with its reports when they are ready in time. The
// document is accepted: whatever goes wrong here, the plain answer is true.
func (a *api) awaited(c *call, submissionID string, seconds int) (s store.Submission, reports []store.Report, ready bool) {
	ctx, cancel := context.WithTimeout(c.req.Context(), time.Duration(seconds)*time.Second)
	defer cancel()
	if a.Wait(ctx, submissionID) != nil {
		return s, nil, false
	}
	err := a.Store.View(ctx, func(tx store.Tx) (err error) {
		if s, err = tx.Submission(ctx, c.principal.ApplicationID, submissionID); err != nil {
			return err
		}
		reports, err = tx.ListReports(ctx, c.principal.ApplicationID, submissionID)
		return err
	})
	return s, reports, err == nil && s.State != store.Accepted
}

func reportRefs(stored []store.Report) []ReportRef {
	refs := make([]ReportRef, len(stored))
	for i, r := range stored {
		refs[i] = ReportRef{
			ProductReportID: r.ID, Product: r.Product, Version: r.Version, Part: r.Part,
			Code: r.Code, Size: r.Size, URL: reportURL(r.ID),
		}
	}
	return refs
}

func idempotencyKey(h http.Header) (string, error) {
	values := h.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	ok := len(values) == 1 && len(key) >= 1 && len(key) <= maxKey
	for i := 0; ok && i < len(key); i++ {
		ok = key[i] >= 0x21 && key[i] <= 0x7e
	}
	if !ok {
		return "", badRequest("Idempotency-Key", "must be one key of 1 to "+strconv.Itoa(maxKey)+" visible ASCII characters")
	}
	return key, nil
}

// maxSeconds is the longest that a call waits for its reports.
const maxSeconds = 30

// preferredWait returns the seconds of the preference wait=N (RFC 7240), at most
// 30; 0 without one. A preference that is not understood is passed over.
func preferredWait(headers []string) int {
	for _, preference := range strings.Split(strings.Join(headers, ","), ",") {
		preference, _, _ = strings.Cut(preference, ";")
		name, value, _ := strings.Cut(preference, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "wait") {
			continue
		}
		n, err := strconv.ParseUint(strings.Trim(strings.TrimSpace(value), `"`), 10, 31)
		if err != nil {
			return 0
		}
		return int(min(n, maxSeconds))
	}
	return 0
}
