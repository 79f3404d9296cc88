package deliver

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

const (
	callTimeout = 10 * time.Second
	answerKept  = 2 << 10  // bytes of the answer that are recorded
	answerRead  = 64 << 10 // bytes read at most, to keep the connection for the next call
)

// SenderConfig says how receivers are called.
type SenderConfig struct {
	// AllowPrivate permits loopback, private (RFC 1918, RFC 4193) and shared
	// (RFC 6598) addresses, on any port. Link-local addresses, and with them the
	// metadata services of clouds, stay refused. Default: false.
	AllowPrivate bool
	// AllowPorts are the ports of public addresses that may be called. Default:
	// 80 and 443.
	AllowPorts []int
	// Version stands in the User-Agent. Default: "dev".
	Version string
	// TLS overrides the roots of trust, for tests. Default: the system's.
	TLS *tls.Config
}

// Sender calls receivers. It is safe for concurrent use.
type Sender struct {
	client *http.Client
	agent  string
}

// Message is one report on its way.
type Message struct {
	URL  string
	ID   string // productReportId
	Body []byte
	Keys []string // the receiver's live secret keys, newest first; at least one
}

// Result is what became of one call.
type Result struct {
	At         time.Time     // when it began
	Status     int           // HTTP status; 0 when there was no answer
	Latency    time.Duration // until the answer's head, or until the call failed
	Failure    string        // class when there was no answer: see [Sender.Send]
	Answer     []byte        // the first 2 KiB of the answer
	RetryAfter time.Duration // the receiver's wish; 0: none
}

// Delivered reports whether the receiver took the report: any 2xx.
func (r Result) Delivered() bool { return r.Status >= 200 && r.Status < 300 }

// Gone reports whether the receiver wants nothing more: 410.
func (r Result) Gone() bool { return r.Status == http.StatusGone }

// NewSender returns a sender whose every connection is checked on the resolved
// address, so that a name that points inside, or points elsewhere the second
// time, cannot be used to reach an inside service. It uses no proxy, follows no
// redirect, keeps no cookie and speaks TLS 1.2 or newer.
func NewSender(c SenderConfig) *Sender {
	dialer := &net.Dialer{Timeout: callTimeout, Control: guard(c)}
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		trust = c.TLS.Clone()
		trust.MinVersion = tls.VersionTLS12
	}
	version := c.Version
	if version == "" {
		version = "dev"
	}
	return &Sender{
		agent: "klaas/" + version,
		client: &http.Client{
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				DialContext:            dialer.DialContext,
				TLSClientConfig:        trust,
				TLSHandshakeTimeout:    callTimeout,
				ForceAttemptHTTP2:      true,
				DisableCompression:     true,
				MaxIdleConns:           256,
				MaxIdleConnsPerHost:    4,
				IdleConnTimeout:        30 * time.Second,
				MaxResponseHeaderBytes: 64 << 10,
			},
		},
	}
}

// guard returns the check of each address, after its name was resolved and
// before it is called.
func guard(c SenderConfig) func(network, address string, conn syscall.RawConn) error {
	var options []ssrf.Option
	if len(c.AllowPorts) > 0 {
		ports := make([]uint16, len(c.AllowPorts))
		for i, port := range c.AllowPorts {
			ports[i] = uint16(port) //nolint:gosec // a port number, checked where the settings are read
		}
		options = append(options, ssrf.WithPorts(ports...))
	}
	public := ssrf.New(options...)
	return func(network, address string, conn syscall.RawConn) error {
		if c.AllowPrivate && isPrivate(address) {
			return nil
		}
		return public.Safe(network, address, conn)
	}
}

// private are the addresses inside, apart from the link-local ones.
var private = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7"),
}

func isPrivate(address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err == nil && slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Contains(at.Addr()) })
}

// Send calls a receiver once and never takes longer than 10 s. at is the time
// that is signed. Where there is no answer, Failure is one of
//
//	blocked   the address or port is not allowed
//	url       the URL cannot be called
//	dns       the name cannot be resolved
//	refused   nobody listens
//	tls       no trusted connection
//	timeout   no answer in time
//	canceled  the context ended first: the call says nothing about the receiver
//	broken    the connection broke, or the answer is not HTTP
func (s *Sender) Send(ctx context.Context, m Message, at time.Time) Result {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	result := Result{At: at}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil || request.URL.Host == "" || request.URL.Scheme != "http" && request.URL.Scheme != "https" {
		result.Failure = "url"
		return result
	}
	request.Header.Set("Content-Type", "application/json; charset=UTF-8")
	request.Header.Set("User-Agent", s.agent)
	Sign(request.Header, m.ID, at, m.Body, m.Keys)

	began := time.Now()
	response, err := s.client.Do(request)
	result.Latency = time.Since(began)
	if err != nil {
		result.Failure = failureClass(ctx, err)
		return result
	}
	defer func() { _ = response.Body.Close() }() // nothing is written through it

	result.Status = response.StatusCode
	if !result.Delivered() {
		result.RetryAfter = retryAfter(response.Header.Get("Retry-After"), at)
	}
	// What the receiver says after its status is a record, not a result: a body
	// that breaks off or never ends changes nothing.
	answer, _ := io.ReadAll(io.LimitReader(response.Body, answerKept))
	result.Answer = answer
	_, _ = io.CopyN(io.Discard, response.Body, answerRead)
	return result
}

// Close ends the idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

func failureClass(ctx context.Context, err error) string {
	var (
		wrapped   *url.Error
		name      *net.DNSError
		alert     tls.AlertError
		untrusted *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort),
		errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return "blocked"
	case errors.Is(ctx.Err(), context.Canceled):
		return "canceled"
	case errors.As(err, &name) && !name.IsTimeout:
		return "dns"
	case errors.As(err, &wrapped) && wrapped.Timeout():
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.As(err, &alert), errors.As(err, &untrusted), errors.As(err, &record):
		return "tls"
	}
	return "broken"
}

// retryAfter reads the header of that name: seconds, or an HTTP date.
func retryAfter(text string, at time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(date.Sub(at), 0)
	}
	return 0
}
