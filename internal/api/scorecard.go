package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/openklaas/klaas/internal/scorecard"
)

// Scorecard is the model of the application's credit score.
type Scorecard struct {
	Revision int              `json:"revision,omitempty" doc:"The revision of the application's settings; in a request: the one that was seen, as in If-Match"`
	Version  string           `json:"version" doc:"Stands in reports as scoreDetail.version. That of klaas begins with p; one of the application's own must not" example:"acme-1"`
	Bands    []scorecard.Band `json:"bands" doc:"Every variable has its rows together; the first that holds counts"`
}

// exampleScorecard looks at the income alone: in the OpenAPI document.
func exampleScorecard() Scorecard {
	s := Scorecard{Version: "acme-1", Bands: []scorecard.Band{{Variable: "R01", When: "< 1500", Points: -40}}}
	for i, v := range scorecard.Variables() {
		rest := scorecard.Band{Variable: v.Code, When: "else"}
		if i == 0 {
			rest.Points = 60
		}
		s.Bands = append(s.Bands, rest)
	}
	return s
}

// showScorecard is GET of the scorecard that scores are made with.
func showScorecard(a *api, c *call) error {
	settings, revision, err := a.Accounts.Settings(c.req.Context(), c.principal.ApplicationID, 0)
	if err != nil {
		return err
	}
	writeScorecard(c, settings.Scorecard, revision)
	return nil
}

func writeScorecard(c *call, f *scorecard.File, revision int) {
	if f == nil {
		ours := scorecard.OwnFile()
		f = &ours
	}
	c.Header().Set("ETag", `"`+strconv.Itoa(revision)+`"`)
	writeJSON(c, http.StatusOK, Scorecard{revision, f.Version, f.Bands})
}

// replaceScorecard is PUT of bands and points of the application's own.
func replaceScorecard(a *api, c *call) error {
	body, hold, err := a.readJSON(c, c.req)
	if err != nil {
		return err
	}
	defer hold.Release()
	var sent struct {
		Revision int               `json:"revision"`
		Version  string            `json:"version"`
		Bands    []json.RawMessage `json:"bands"`
	}
	if err := readBody(body, &sent); err != nil {
		return err
	}
	if len(sent.Bands) > scorecard.MaxRows {
		return unusable(Fault{"bands", fmt.Sprintf("are more than %d: merge some", scorecard.MaxRows)})
	}
	f := scorecard.File{Version: sent.Version, Bands: make([]scorecard.Band, len(sent.Bands))}
	var wrong []Fault
	for i, text := range sent.Bands {
		if fault := strictly(text, &f.Bands[i]); fault != nil {
			wrong = append(wrong, under("bands["+strconv.Itoa(i)+"]", *fault))
		}
	}
	if len(wrong) > 0 {
		return unusable(wrong...)
	}
	return changeScorecard(a, c, sent.Revision, &f)
}

// resetScorecard is DELETE of the application's own scorecard: that of klaas is in
// its place.
func resetScorecard(a *api, c *call) error { return changeScorecard(a, c, 0, nil) }

func changeScorecard(a *api, c *call, inBody int, f *scorecard.File) error {
	seen, err := seenRevision(c.req.Header.Get("If-Match"), inBody)
	if err != nil {
		return err
	}
	revision, err := a.Accounts.ChangeScorecard(c.req.Context(), c.principal.ApplicationID, seen, f)
	if err != nil {
		return settingFailure(err)
	}
	writeScorecard(c, f, revision)
	return nil
}
