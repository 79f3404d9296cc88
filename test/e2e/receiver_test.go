package e2e

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// receiver is a partner's webhook server. It keeps what it takes and fails the
// test when a signature is wrong or a report comes again with other bytes.
type receiver struct {
	t    *testing.T
	url  string
	port int

	mu      sync.Mutex
	key     string
	hold    chan struct{} // calls wait until it is closed
	calls   int
	reports map[string]taken // by productReportId
}

// taken is a report that was taken.
type taken struct {
	body     []byte
	at       time.Time // the first time
	envelope struct {
		Code                                                                       int
		RequestID, ProductName, ProductVersion, ProductReportID, ProductReportTime string
	}
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{t: t, port: listener.Addr().(*net.TCPAddr).Port, reports: map[string]taken{}}
	r.url = fmt.Sprintf("http://127.0.0.1:%d/reports", r.port)
	server := &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // It ends with Close.
	t.Cleanup(func() { _ = server.Close() })
	return r
}

func (r *receiver) trust(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.key = key
}

// block makes calls hang until the returned function is called.
func (r *receiver) block() (release func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	hold := make(chan struct{})
	r.hold = hold
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.hold = nil
		close(hold)
	}
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return // The sender died; it will come again.
	}
	r.mu.Lock()
	r.calls++
	hold := r.hold
	r.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-request.Context().Done():
		}
		return // Whoever hung is not counted, whatever it answers.
	}
	r.take(request, body)
	w.WriteHeader(http.StatusNoContent)
}

func (r *receiver) take(request *http.Request, body []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	verify(r.t, r.key, request.Header, body)
	report := taken{body: body, at: time.Now()}
	if err := json.Unmarshal(body, &report.envelope); err != nil {
		r.t.Errorf("a report is not JSON: %v", err)
	}
	id := report.envelope.ProductReportID
	if got := request.Header.Get("webhook-id"); got != id {
		r.t.Errorf("webhook-id is %s, the report is %s", got, id)
	}
	if before, again := r.reports[id]; again {
		if !bytes.Equal(before.body, body) {
			r.t.Errorf("report %s came again with other bytes", id)
		}
		return
	}
	r.reports[id] = report
}

// verify checks Klavi's signature by hand, and the Standard Webhooks one by hand
// and with the library that receivers use.
func verify(t *testing.T, key string, header http.Header, body []byte) {
	t.Helper()
	mac := func(parts ...string) []byte {
		h := hmac.New(sha256.New, []byte(key))
		for _, part := range parts {
			h.Write([]byte(part))
		}
		return h.Sum(nil)
	}
	if got, want := header.Get("X-Klavi-Signature"), hex.EncodeToString(mac(string(body))); got != want {
		t.Errorf("X-Klavi-Signature is %q, want %q", got, want)
	}
	signed := header.Get("webhook-id") + "." + header.Get("webhook-timestamp") + "."
	if got, want := header.Get("webhook-signature"), "v1,"+base64.StdEncoding.EncodeToString(mac(signed, string(body))); got != want {
		t.Errorf("webhook-signature is %q, want %q", got, want)
	}
	webhook, err := standardwebhooks.NewWebhookRaw([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	if err := webhook.Verify(body, header); err != nil {
		t.Errorf("the Standard Webhooks library: %v", err)
	}
	for _, name := range []string{"X-Klavi-Timestamp", "webhook-timestamp"} {
		seconds, err := strconv.ParseInt(header.Get(name), 10, 64)
		if age := time.Since(time.Unix(seconds, 0)); err != nil || age < -2*time.Second || age > time.Minute {
			t.Errorf("%s is %q", name, header.Get(name))
		}
	}
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.reports)
}

// called returns how many calls came, held ones too.
func (r *receiver) called() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

// await waits until so many different reports were taken, and a moment more to
// see that no others come.
func (r *receiver) await(n int) map[string]taken {
	r.t.Helper()
	if !eventually(30*time.Second, func() bool { return r.count() >= n }) {
		r.t.Fatalf("%d of %d reports arrived", r.count(), n)
	}
	time.Sleep(200 * time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.reports) != n {
		r.t.Fatalf("%d reports arrived, want %d", len(r.reports), n)
	}
	return r.reports
}
