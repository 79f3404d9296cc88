package deliver_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openklaas/klaas/internal/deliver"
)

func TestSend(t *testing.T) {
	body := []byte(`{"code":200}`)
	var got http.Header
	var gotBody []byte
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, gotBody = r.Header, read(t, r.Body)
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("taken"))
	}))
	defer receiver.Close()

	at := time.Now()
	result := sender(t).Send(t.Context(), message(receiver.URL, body), at)

	if !result.Delivered() || result.Status != 202 || result.Failure != "" || string(result.Answer) != "taken" || !result.At.Equal(at) || result.Latency <= 0 {
		t.Errorf("result: %+v", result)
	}
	if diff := cmp.Diff(body, gotBody); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json; charset=UTF-8",
		"User-Agent":   "klaas/1.2.3",
		"Webhook-Id":   "r1",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
	webhook, err := standardwebhooks.NewWebhookRaw([]byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := webhook.Verify(gotBody, got); err != nil {
		t.Error(err)
	}
}

func TestSendRecordsWhatTheReceiverSays(t *testing.T) {
	at := time.Now().Truncate(time.Second)
	for _, test := range []struct {
		name       string
		answer     func(w http.ResponseWriter)
		status     int
		delivered  bool
		retryAfter time.Duration
	}{
		{"200", func(w http.ResponseWriter) { w.WriteHeader(200) }, 200, true, 0},
		{"299", func(w http.ResponseWriter) { w.WriteHeader(299) }, 299, true, 0},
		{"404", func(w http.ResponseWriter) { w.WriteHeader(404) }, 404, false, 0},
		{"410", func(w http.ResponseWriter) { w.WriteHeader(410) }, 410, false, 0},
		{"503 with seconds", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(503)
		}, 503, false, 2 * time.Minute},
		{"429 with a date", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", at.Add(time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(429)
		}, 429, false, time.Hour},
		{"a date that is past", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", at.Add(-time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(429)
		}, 429, false, 0},
		{"nonsense", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "-soon")
			w.WriteHeader(429)
		}, 429, false, 0},
		{"a wish with a success counts for nothing", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(204)
		}, 204, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { test.answer(w) }))
			defer receiver.Close()
			result := sender(t).Send(t.Context(), message(receiver.URL, nil), at)
			if result.Status != test.status || result.Delivered() != test.delivered || result.RetryAfter != test.retryAfter {
				t.Errorf("%+v", result)
			}
		})
	}
}

func TestSendFollowsNoRedirect(t *testing.T) {
	calls := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer receiver.Close()
	result := sender(t).Send(t.Context(), message(receiver.URL, nil), time.Now())
	if result.Status != 307 || result.Delivered() || calls != 1 {
		t.Errorf("%d calls, %+v", calls, result)
	}
}

func TestSendCutsLongAnswers(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for chunk := strings.Repeat("a", 1<<10); ; {
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	}))
	defer receiver.Close()
	result := sender(t).Send(t.Context(), message(receiver.URL, nil), time.Now())
	if !result.Delivered() || len(result.Answer) != 2<<10 {
		t.Errorf("status %d with %d bytes of the answer", result.Status, len(result.Answer))
	}
}

func TestSendRefusesInsideAddresses(t *testing.T) {
	called := false
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer receiver.Close()
	port := portOf(t, receiver.URL)

	for _, test := range []struct {
		name   string
		config deliver.SenderConfig
		url    string
	}{
		{"loopback", deliver.SenderConfig{AllowPorts: []int{port}}, receiver.URL},
		{"a name for it", deliver.SenderConfig{AllowPorts: []int{port}}, "http://localhost:" + strconv.Itoa(port)},
		{"loopback mapped to IPv6", deliver.SenderConfig{AllowPorts: []int{port}}, "http://[::ffff:127.0.0.1]:" + strconv.Itoa(port)},
		{"loopback through NAT64", deliver.SenderConfig{AllowPorts: []int{port}}, "http://[64:ff9b::7f00:1]:" + strconv.Itoa(port)},
		{"IPv6 loopback", deliver.SenderConfig{}, "http://[::1]/"},
		{"unspecified", deliver.SenderConfig{AllowPorts: []int{port}}, "http://0.0.0.0:" + strconv.Itoa(port)},
		{"private", deliver.SenderConfig{}, "http://10.0.0.1/"},
		{"private", deliver.SenderConfig{}, "http://192.168.1.1/"},
		{"unique local", deliver.SenderConfig{}, "http://[fd00::1]/"},
		{"link-local", deliver.SenderConfig{}, "http://[fe80::1]/"},
		{"metadata", deliver.SenderConfig{}, "http://169.254.169.254/latest/meta-data"},
		{"metadata, although private addresses are allowed", deliver.SenderConfig{AllowPrivate: true}, "http://169.254.169.254/"},
		{"a port of a public address", deliver.SenderConfig{AllowPrivate: true}, "http://8.8.8.8:6379/"},
	} {
		sender := deliver.NewSender(test.config)
		result := sender.Send(t.Context(), message(test.url, nil), time.Now())
		if result.Failure != "blocked" || result.Status != 0 {
			t.Errorf("%s (%s): %+v", test.name, test.url, result)
		}
	}
	if called {
		t.Error("the inside server was called")
	}
}

func TestSendIgnoresProxies(t *testing.T) {
	proxied := false
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied = true }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	sender(t).Send(t.Context(), message("http://receiver.invalid/", nil), time.Now())
	if proxied {
		t.Error("the call went through the proxy of the environment")
	}
}

func TestSendNamesFailures(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer secure.Close()
	hangs := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	defer hanging.Close()
	defer close(hangs)
	talks, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = talks.Close() }()
	go func() {
		for {
			c, err := talks.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("220 mail.example ESMTP\r\n"))
			_ = c.Close()
		}
	}()
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	ended, end := context.WithCancel(t.Context())
	end()

	for _, test := range []struct {
		ctx       context.Context
		url, want string
	}{
		{t.Context(), closed.URL, "refused"},
		{t.Context(), secure.URL, "tls"},
		{t.Context(), "http://" + talks.Addr().String(), "broken"},
		{t.Context(), "http://receiver.invalid:1/", "dns"},
		{t.Context(), "ftp://127.0.0.1/", "url"},
		{t.Context(), "/reports", "url"},
		{t.Context(), "http://", "url"},
		{short, hanging.URL, "timeout"},
		{ended, hanging.URL, "canceled"},
	} {
		result := sender(t).Send(test.ctx, message(test.url, nil), time.Now())
		if result.Failure != test.want || result.Status != 0 {
			t.Errorf("%s: %+v, want %s", test.url, result, test.want)
		}
	}
}

func TestSendTrustsTheRootsItIsGiven(t *testing.T) {
	receiver := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer receiver.Close()
	roots := x509.NewCertPool()
	roots.AddCert(receiver.Certificate())
	sender := deliver.NewSender(deliver.SenderConfig{
		AllowPrivate: true,
		TLS:          &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	})
	defer sender.Close()
	if result := sender.Send(t.Context(), message(receiver.URL, nil), time.Now()); !result.Delivered() {
		t.Errorf("%+v", result)
	}
}

// sender returns a sender that may call this machine.
func sender(t *testing.T) *deliver.Sender {
	t.Helper()
	s := deliver.NewSender(deliver.SenderConfig{AllowPrivate: true, Version: "1.2.3"})
	t.Cleanup(s.Close)
	return s
}

func message(to string, body []byte) deliver.Message {
	return deliver.Message{URL: to, ID: "r1", Body: body, Keys: []string{"key"}}
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return 0
	}
	return port
}

func read(t *testing.T, r io.Reader) []byte {
	t.Helper()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return body
}
