// Package server puts the parts of klaas together and runs them: the database
// with its keys, the workers that compute and deliver, and the HTTP API.
//
// [Start] gives a whole server, [StartWorkers] one without HTTP, [Open] the
// database alone for administration. A started [Server] runs until its context
// ends, then stops in order: it takes no more requests, finishes the running
// ones, finishes or releases the running jobs, and closes the database. Nothing
// that was accepted is lost, also when the process dies instead.
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/api"
	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/flow"
	"github.com/openklaas/klaas/internal/receive"
)

// Server is a running klaas.
type Server struct {
	*Base
	config   *config.Config
	log      *slog.Logger
	flow     *flow.Flow
	http     *http.Server // nil: workers only
	listener net.Listener
	draining atomic.Bool
	broken   chan error // what ended the HTTP server before its time
}

// Start opens the database, begins to work, and listens.
func Start(ctx context.Context, c *config.Config, log *slog.Logger) (_ *Server, err error) {
	s, err := StartWorkers(ctx, c, log)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
		}
	}()
	handler, err := api.New(api.Config{
		Store: s.Store, Keys: s.Keys, Accounts: s.Accounts, Log: log, Version: Version(),
		Receiver:       &receive.Receiver{Store: s.Store, Keys: s.Keys, Accounts: s.Accounts, Queue: s.flow, Now: time.Now},
		Memory:         receive.NewBudget(c.Memory / 2),
		Wait:           s.flow.Wait,
		Explain:        s.flow.Explain,
		Draining:       s.draining.Load,
		AnalyticsPaths: c.AnalyticsPath, MaxBody: c.BodyLimit, CategoriseLimit: c.CategoriseLimit,
	})
	if err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	server := api.Server(handler, log)
	if c.TLSCert != "" {
		certificate, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("tls-cert and tls-key: %w", err), s.listener.Close())
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	s.http = server
	go func() {
		if c.TLSCert != "" {
			s.broken <- server.ServeTLS(s.listener, "", "")
		} else {
			s.broken <- server.Serve(s.listener)
		}
	}()
	return s, nil
}

// StartWorkers opens the database and begins to work, without HTTP.
func StartWorkers(ctx context.Context, c *config.Config, log *slog.Logger) (_ *Server, err error) {
	s := &Server{config: c, log: log, broken: make(chan error, 1)}
	if s.Base, err = open(ctx, c, log, true); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	go klaas.Load() // the first document would wait for it
	s.flow, err = flow.New(flow.Config{
		Store: s.Store, Keys: s.Keys, Accounts: s.Accounts, Log: log, Now: time.Now,
		Workers: c.Workers, Parallel: c.WebhookParallel, AllowPrivate: c.AllowPrivateWebhooks, AllowPorts: c.WebhookPorts, Version: Version(),
		Memory: c.Memory / 2,
	})
	if err != nil {
		return nil, err
	}
	// A stop is ordered by Stop, which gives running work its time.
	if err := s.flow.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("start the workers: %w", err)
	}
	return s, nil
}

// URL returns where the server answers, for this machine.
func (s *Server) URL() string {
	scheme := "http"
	if s.config.TLSCert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return scheme + "://" + s.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// Run waits until the context ends or the HTTP server breaks, and stops.
func (s *Server) Run(ctx context.Context) error {
	var broken error
	select {
	case <-ctx.Done():
		s.log.LogAttrs(ctx, slog.LevelInfo, "stopping")
	case broken = <-s.broken:
		broken = fmt.Errorf("the HTTP server ended: %w", broken)
	}
	return errors.Join(broken, s.Stop(context.WithoutCancel(ctx)))
}

// Stop ends everything within the shutdown timeout.
func (s *Server) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.ShutdownTimeout)
	defer cancel()
	s.draining.Store(true)
	var faults []error
	if s.http != nil {
		// Half the time for requests, so that jobs get the other half.
		requests, cancel := context.WithTimeout(ctx, s.config.ShutdownTimeout/2)
		defer cancel()
		if s.http.Shutdown(requests) != nil {
			faults = append(faults, s.http.Close())
		}
	}
	if err := s.flow.Stop(ctx); err != nil {
		faults = append(faults, fmt.Errorf("stop the workers: %w", err))
	}
	return errors.Join(errors.Join(faults...), s.Close())
}
