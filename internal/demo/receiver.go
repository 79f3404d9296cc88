package demo

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openklaas/klaas/internal/deliver"
)

// receiver is what a partner would run: an HTTP server that takes reports and
// checks both signatures of each before it answers.
type receiver struct {
	listener net.Listener
	server   *http.Server
	arrivals chan arrival
	key      string
}

// arrival is one webhook call, judged.
type arrival struct {
	at        time.Time // when it was verified
	size      int
	fault     error // why it must not be trusted
	body      []byte
	RequestID string
	ReportID  string `json:"productReportId"`
	Product   string `json:"productName"`
	Version   string `json:"productVersion"`
	Code      int
	Message   string
}

// read takes from a report what the demo tells of it, in either envelope.
func (a *arrival) read(body []byte) error {
	if err := json.Unmarshal(body, a); err != nil || a.ReportID != "" {
		return err
	}
	var old struct {
		Msg  string
		Data struct {
			ConnectionKey string `json:"connection_key"`
			ReportType    string `json:"report_type"`
			ReportID      string `json:"report_id"`
			ReportVersion string `json:"report_version"`
		}
	}
	err := json.Unmarshal(body, &old)
	a.RequestID, a.ReportID, a.Message = old.Data.ConnectionKey, old.Data.ReportID, old.Msg
	a.Product, a.Version = old.Data.ReportType, old.Data.ReportVersion
	return err
}

// failed reports whether the report could not be made.
func (a *arrival) failed() bool { return a.Code >= 5000 || a.Code == http.StatusNotFound }

// maxReport bounds what the receiver reads.
const maxReport = 256 << 20

// listen takes a free port on loopback.
func listen() (*receiver, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &receiver{listener: listener, arrivals: make(chan arrival, 1024)}, nil
}

func (r *receiver) url() string { return "http://" + r.listener.Addr().String() + "/reports" }

// serve answers calls that are signed with key.
func (r *receiver) serve(key string) {
	r.key = key
	r.server = &http.Server{Handler: http.HandlerFunc(r.take), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(r.listener) }() // It ends with close.
}

func (r *receiver) close() error {
	if r.server == nil {
		return r.listener.Close()
	}
	return r.server.Close()
}

func (r *receiver) take(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxReport))
	if err != nil {
		http.Error(w, "the report broke off", http.StatusBadRequest)
		return
	}
	a := arrival{size: len(body), body: body, fault: verify(r.key, request.Header, body)}
	if err := a.read(body); err != nil && a.fault == nil {
		a.fault = errors.New("the report is not JSON")
	}
	a.at = time.Now()
	r.arrivals <- a
	if a.fault != nil {
		http.Error(w, "the signature does not verify", http.StatusUnauthorized)
	}
}

// await takes arrivals until each of the missing keys has one. A report that must
// not be trusted ends the wait.
func (r *receiver) await(ctx context.Context, arrived map[string]arrival, missing map[string]bool, key func(arrival) string) error {
	for _, a := range arrived {
		delete(missing, key(a))
	}
	for len(missing) > 0 {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return errors.New("interrupted")
			}
			return fmt.Errorf("%d reports did not arrive in %s", len(missing), patience)
		case a := <-r.arrivals:
			arrived[a.ReportID] = a
			if a.fault != nil {
				return fmt.Errorf("a report must not be trusted: %w", a.fault)
			}
			if a.failed() {
				return fmt.Errorf("%s could not be made: %d %s", a.Product, a.Code, a.Message)
			}
			delete(missing, key(a))
		}
	}
	return nil
}

// verify checks both signatures: Klavi's by hand, the Standard Webhooks one with
// the library that receivers use.
func verify(key string, header http.Header, body []byte) error {
	h := hmac.New(sha256.New, []byte(key))
	h.Write(body)
	given, err := hex.DecodeString(header.Get(deliver.HeaderKlaviSignature))
	if err != nil || !hmac.Equal(given, h.Sum(nil)) {
		return errors.New(deliver.HeaderKlaviSignature + " is wrong")
	}
	webhook, err := standardwebhooks.NewWebhook(deliver.WebhookSecret(key))
	if err != nil {
		return err
	}
	if err := webhook.Verify(body, header); err != nil {
		return fmt.Errorf("%s is wrong: %w", deliver.HeaderWebhookSignature, err)
	}
	return nil
}
