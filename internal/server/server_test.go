package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/server"
)

// settings are those of a server in a fresh directory, with further flags.
func settings(t *testing.T, flags map[string]string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"data": filepath.Join(dir, "data"), "keyset": filepath.Join(dir, "keys", "keyset.json"), "listen": "127.0.0.1:0"}
	for name, text := range flags {
		all[name] = text
	}
	c, err := config.Load(config.Sources{NoFile: true, Flags: all})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t *testing.T, c *config.Config) *server.Server {
	t.Helper()
	s, err := server.Start(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// certificate writes a self-signed certificate for 127.0.0.1 and returns its files.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(parsed)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: privateDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, roots
}

func TestTLS(t *testing.T) {
	cert, key, roots := certificate(t)
	s := start(t, settings(t, map[string]string{"tls-cert": cert, "tls-key": key}))
	if !strings.HasPrefix(s.URL(), "https://127.0.0.1:") {
		t.Fatalf("URL is %s", s.URL())
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer client.CloseIdleConnections()
	response, err := client.Get(s.URL() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("GET /healthz: %s", response.Status)
	}
}

// TestStartThatFails gives everything back: the next start finds the directory free.
func TestStartThatFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := settings(t, nil)
	for name, change := range map[string]func(){
		"port in use":    func() { c.Listen, c.TLSCert, c.TLSKey = taken.Addr().String(), "", "" },
		"no certificate": func() { c.Listen, c.TLSCert, c.TLSKey = "127.0.0.1:0", "absent.pem", "absent.pem" },
	} {
		change()
		if s, err := server.Start(t.Context(), c, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: it starts", name)
			if err := s.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
	c.Listen, c.TLSCert, c.TLSKey = "127.0.0.1:0", "", ""
	start(t, c)
}

// TestRunEndsWithItsContext stops a server as a signal does.
func TestRunEndsWithItsContext(t *testing.T) {
	c := settings(t, nil)
	s, err := server.Start(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	url := s.URL()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
	if response, err := http.Get(url + "/healthz"); err == nil {
		_ = response.Body.Close() // It should not be there at all.
		t.Error("it still answers")
	}
	start(t, c)
}

func TestOpenMigrates(t *testing.T) {
	c := settings(t, nil)
	base, err := server.Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if base.Store.Dialect() != "sqlite" {
		t.Fatalf("dialect %s", base.Store.Dialect())
	}
	if err := base.Close(); err != nil {
		t.Fatal(err)
	}
	before, after, err := server.Migrate(t.Context(), c)
	if err != nil || before != after || after == 0 {
		t.Errorf("migrated again from %d to %d: %v", before, after, err)
	}
}
