// Package e2e drives the real program as its users do: it builds the binary,
// starts it as a process, speaks HTTP and the command line to it, receives its
// webhooks, and kills it.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The programs under test: as shipped, and with fail points compiled in.
var program, killable string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "klaas-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }() // A leftover in the temporary directory harms nobody.
	program, killable = filepath.Join(dir, "klaas"), filepath.Join(dir, "klaas-failpoint")
	for _, args := range [][]string{
		{"build", "-o", program, "../../cmd/klaas"},
		{"build", "-tags", "failpoint", "-o", killable, "../../cmd/klaas"},
	} {
		build := exec.Command("go", args...)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go %s: %v\n%s", strings.Join(args, " "), err, out)
			return 1
		}
	}
	return m.Run()
}

// installation is one klaas on one machine: its data, keys and settings.
type installation struct {
	t        *testing.T
	program  string
	dir      string
	database string // PostgreSQL address; "": SQLite
	receiver *receiver
}

func install(t *testing.T, program, database string) *installation {
	t.Helper()
	return &installation{t: t, program: program, dir: t.TempDir(), database: database, receiver: newReceiver(t)}
}

// environment is that of every process of the installation; nothing of the
// machine's own settings reaches it.
func (i *installation) environment(more ...string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + i.dir, "XDG_CONFIG_HOME=" + filepath.Join(i.dir, "config"), "TMPDIR=" + i.dir,
		"KLAAS_DATA=" + filepath.Join(i.dir, "data"), "KLAAS_LISTEN=127.0.0.1:0", "KLAAS_ALLOW_PRIVATE_WEBHOOKS=true",
		fmt.Sprintf("KLAAS_WEBHOOK_PORTS=%d", i.receiver.port),
	}
	if i.database != "" {
		env = append(env, "KLAAS_DATABASE="+i.database)
	}
	return append(env, more...)
}

// command runs one command to its end and returns its standard output.
func (i *installation) command(args ...string) string {
	i.t.Helper()
	var out, messages bytes.Buffer
	c := exec.Command(i.program, args...)
	c.Dir, c.Env, c.Stdout, c.Stderr = i.dir, i.environment(), &out, &messages
	if err := c.Run(); err != nil {
		i.t.Fatalf("klaas %s: %v\n%s", strings.Join(args, " "), err, &messages)
	}
	return out.String()
}

// process is a running server or worker.
type process struct {
	t       *testing.T
	command *exec.Cmd
	log     *logBuffer
	url     string // "" for workers
	started time.Time
	ended   chan error
}

// start starts a server, or workers, and waits until it is ready.
func (i *installation) start(subcommand string, env ...string) *process {
	i.t.Helper()
	p := &process{t: i.t, log: &logBuffer{}, started: time.Now(), ended: make(chan error, 1)}
	p.command = exec.Command(i.program, subcommand)
	p.command.Dir, p.command.Env, p.command.Stderr = i.dir, i.environment(env...), p.log
	if err := p.command.Start(); err != nil {
		i.t.Fatal(err)
	}
	go func() { p.ended <- p.command.Wait() }()
	i.t.Cleanup(func() {
		_ = p.command.Process.Kill() // It has ended already in most tests.
		if i.t.Failed() {
			i.t.Logf("log of klaas %s:\n%s", subcommand, p.log.String())
		}
	})
	ready := regexp.MustCompile(`klaas (?:listens on (http://\S+);|works)`)
	if !eventually(20*time.Second, func() bool { return ready.MatchString(p.log.String()) }) {
		i.t.Fatalf("klaas %s is not ready:\n%s", subcommand, p.log.String())
	}
	p.url = ready.FindStringSubmatch(p.log.String())[1]
	return p
}

// stop ends a process as an operator does and returns how long it took.
func (p *process) stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			p.t.Fatalf("after SIGTERM: %v\n%s", err, p.log.String())
		}
	case <-time.After(30 * time.Second):
		p.t.Fatal("still running 30 s after SIGTERM")
	}
	return time.Since(began)
}

// awaitKill waits until the process has died by SIGKILL.
func (p *process) awaitKill() {
	p.t.Helper()
	select {
	case err := <-p.ended:
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			p.t.Fatalf("ended with %v, not by SIGKILL", err)
		}
	case <-time.After(30 * time.Second):
		p.t.Fatal("the fail point was not reached")
	}
}

// logBuffer collects what a process writes.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// application is what `klaas app create --json` prints.
type application struct {
	ID           string `json:"id"`
	PartnerCode  string `json:"partner_code"`
	PartnerToken string `json:"partner_token"`
	SecretKey    string `json:"secretKey"`
}

// createApplication creates a partner with one application whose reports go to
// the receiver.
func (i *installation) createApplication(args ...string) application {
	i.t.Helper()
	partner := strings.TrimSpace(i.command("partner", "create", "Partner"))
	out := i.command(append([]string{"app", "create", "App", "--json", "--partner", partner, "--webhook", i.receiver.url}, args...)...)
	var app application
	if err := json.Unmarshal([]byte(out), &app); err != nil {
		i.t.Fatalf("%v: %s", err, out)
	}
	i.receiver.trust(app.SecretKey)
	return app
}

// call sends one request as the application.
func (p *process) call(ctx context.Context, app application, method, path string, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header["partner_code"] = []string{app.PartnerCode} // As written, not in Go's canonical case.
	request.Header["partner_token"] = []string{app.PartnerToken}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }() // Only read.
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// get returns the body of a successful GET.
func (p *process) get(app application, path string) []byte {
	p.t.Helper()
	status, body, err := p.call(p.t.Context(), app, http.MethodGet, path, nil)
	if err != nil || status != http.StatusOK {
		p.t.Fatalf("GET %s: %d %v\n%s", path, status, err, body)
	}
	return body
}

// submit posts a document and returns its request id.
func (p *process) submit(app application, userdata []byte) string {
	p.t.Helper()
	status, body, err := p.call(p.t.Context(), app, http.MethodPost, "/klaas/openfinance/v1/analytics", userdata)
	var receipt struct {
		Code      int
		Message   string
		RequestID string
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(body, &receipt) != nil || receipt.Code != 200 || receipt.RequestID == "" {
		p.t.Fatalf("POST: %d %v\n%s", status, err, body)
	}
	return receipt.RequestID
}

func eventually(limit time.Duration, what func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if what() {
			return true
		}
	}
	return what()
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
