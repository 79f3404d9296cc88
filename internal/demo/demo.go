// Package demo shows the whole road on one machine, with nothing pretended: the
// real server on a fresh SQLite database, a receiver of webhooks on loopback, a
// partner with every product, and one made-up person sent over HTTP.
//
// [Run] prints what arrived and whether its signatures were right, and then
// keeps the server for the user to try more. [Person] is the person.
package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/api"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
)

// Options are the choices of [Run].
type Options struct {
	Once     bool   // end when every report has arrived
	Listen   string // the address of the API; "": a free port on loopback
	Out, Err io.Writer
}

// patience is how long the reports may take to arrive.
const patience = 60 * time.Second

// Run runs the demo. It fails when a report is missing or a signature is wrong.
func Run(ctx context.Context, o Options) (err error) {
	dir, err := os.MkdirTemp("", "klaas-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r, err := listen()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	s, err := start(ctx, o, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop(context.WithoutCancel(ctx))) }()

	app, err := createPartner(ctx, s, r.url())
	if err != nil {
		return err
	}
	r.serve(app.Secret)

	document := filepath.Join(dir, "userdata.json")
	person := Person(calendar.SaoPaulo(time.Now()) - 1)
	if err := os.WriteFile(document, person.Userdata, 0o600); err != nil {
		return err
	}
	fmt.Fprintf(o.Err, "klaas listens on %s, a receiver of webhooks on %s.\n", s.URL(), r.url())
	fmt.Fprintf(o.Err, "Sending the data of %s, who is made up: %d KiB, more than twelve months until yesterday.\n\n", person.Name, len(person.Userdata)>>10)

	ctxOfReports, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := caller{s.URL(), app}
	requestID, accepted, err := c.submit(ctxOfReports, person.Userdata)
	if err != nil {
		return err
	}
	arrived, err := c.collect(ctxOfReports, r, requestID)
	if printErr := table(o.Out, accepted, arrived); printErr != nil {
		return printErr
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Err, "\nAll %d reports arrived and both signatures of each were verified.\n\n", len(arrived))
	if err := showFigures(o.Out, person.Name, arrived); err != nil {
		return err
	}
	if o.Once {
		return nil
	}
	return stay(ctx, o, s, r, app, document)
}

// start starts the server in the demo's own directory. Settings of the machine
// do not reach it.
func start(ctx context.Context, o Options, dir string) (*server.Server, error) {
	address := o.Listen
	if address == "" {
		address = "127.0.0.1:0"
	}
	settings, err := config.Load(config.Sources{NoFile: true, Flags: map[string]string{
		"data": dir, "keyset": filepath.Join(dir, "keyset.json"), "listen": address,
		"allow-private-webhooks": "true",
	}})
	if err != nil {
		return nil, err
	}
	return server.Start(ctx, settings, slog.New(slog.NewTextHandler(o.Err, &slog.HandlerOptions{Level: slog.LevelError})))
}

// createPartner gives a partner one application with every product, those with
// figures also in the version that has all of them.
func createPartner(ctx context.Context, s *server.Server, webhook string) (account.Created, error) {
	partner, err := s.Accounts.CreatePartner(ctx, "Demo")
	if err != nil {
		return account.Created{}, err
	}
	settings := setting.Settings{CallbackURL: map[string]string{"all": webhook}}
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			choice := setting.ProductChoice{Name: p.FullName(k)}
			if p.Analytic && slices.Contains(p.Versions, spec.V2) {
				choice.Versions = []string{string(spec.V1), string(spec.V2)}
			}
			settings.Products = append(settings.Products, choice)
		}
	}
	return s.Accounts.CreateApplication(ctx, partner.ID, "Demo", "sandbox", settings)
}

// expected returns the products that the person must give a report of.
func expected() map[string]bool {
	names := map[string]bool{}
	for _, p := range product.All() {
		if slices.Contains(p.Kinds, spec.PF) {
			names[p.FullName(spec.PF)] = true
		}
	}
	return names
}

// caller calls the API as a partner would.
type caller struct {
	base string
	app  account.Created
}

// call returns the answer's body, or what the server refused.
func (c caller) call(ctx context.Context, method, path string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("partner_code", c.app.Code)
	request.Header.Set("partner_token", c.app.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // Only read.
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: the server answered %s", method, path, text)
	}
	return json.Unmarshal(text, answer)
}

// submit posts the document and returns its request id and when it was accepted.
func (c caller) submit(ctx context.Context, userdata []byte) (requestID string, accepted time.Time, err error) {
	var receipt api.Receipt
	err = c.call(ctx, http.MethodPost, api.DefaultAnalyticsPath, userdata, &receipt)
	return receipt.RequestID, time.Now(), err
}

// collect waits for a report of every product that the person must give one of,
// and then for every report that the server says it made.
func (c caller) collect(ctx context.Context, r *receiver, requestID string) ([]arrival, error) {
	arrived := map[string]arrival{} // by report id: the same one may come twice
	product := func(a arrival) string { return a.Product }
	err := r.await(ctx, arrived, expected(), product)
	if err == nil {
		var status api.SubmissionStatus
		if err = c.call(ctx, http.MethodGet, "/klaas/v1/submissions/"+requestID, nil, &status); err == nil {
			made := map[string]bool{}
			for _, report := range status.Reports {
				made[report.ProductReportID] = true
			}
			err = r.await(ctx, arrived, made, func(a arrival) string { return a.ReportID })
		}
	}
	return slices.Collect(maps.Values(arrived)), err
}

// table prints what arrived, in the order of the catalogue.
func table(out io.Writer, accepted time.Time, arrived []arrival) error {
	place := map[string]int{}
	for i, p := range product.All() {
		place[p.FullName(spec.PF)] = i
	}
	slices.SortStableFunc(arrived, func(a, b arrival) int { return place[a.Product] - place[b.Product] })
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PRODUCT\tVERSION\tCODE\tSIZE\tARRIVED AFTER\tSIGNATURES")
	for _, a := range arrived {
		verdict := "both verified"
		if a.fault != nil {
			verdict = "WRONG"
		}
		after := max(0, a.at.Sub(accepted)).Round(time.Millisecond)
		fmt.Fprintf(w, "%s\t%s\t%d %s\t%s\t%s\t%s\n", a.Product, a.Version, a.Code, a.Message, kib(a.size), after, verdict)
	}
	return w.Flush()
}

// showFigures prints what the analytic reports say.
func showFigures(out io.Writer, name string, arrived []arrival) error {
	var f figures
	for _, a := range arrived {
		if a.Version == string(spec.V2) && strings.HasPrefix(a.Product, spec.PF.Prefix()) {
			if err := f.read(a.body); err != nil {
				return fmt.Errorf("%s: %w", a.Product, err)
			}
		}
	}
	return f.show(out, name)
}

func kib(bytes int) string { return strconv.FormatFloat(float64(bytes)/1024, 'f', 1, 64) + " KiB" }

// stay keeps the server and tells what else arrives.
func stay(ctx context.Context, o Options, s *server.Server, r *receiver, app account.Created, document string) error {
	fmt.Fprintf(o.Err, `
The server keeps running. Its documentation: %[1]s/docs
Send a document of your own, or this one again:

  curl -H 'Content-Type: application/json' -H 'partner_code: %[2]s' -H 'partner_token: %[3]s' \
    --data-binary @%[4]s %[1]s%[5]s

Look at what was sent:

  curl -H 'partner_code: %[2]s' -H 'partner_token: %[3]s' %[1]s/klaas/v1/submissions

The secret key that reports are signed with: %[6]s
Ctrl-C stops the demo and removes its data.

`, s.URL(), app.Code, app.Token, document, api.DefaultAnalyticsPath, app.Secret)
	for {
		select {
		case <-ctx.Done():
			return nil
		case a := <-r.arrivals:
			if a.fault != nil {
				fmt.Fprintf(o.Err, "a report must not be trusted: %v\n", a.fault)
				continue
			}
			fmt.Fprintf(o.Err, "%s  %s %s  %d %s  %s  both signatures verified\n", a.RequestID, a.Product, a.Version, a.Code, a.Message, kib(a.size))
		}
	}
}
