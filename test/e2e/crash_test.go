package e2e

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// namespace and the text behind it are how report ids are made; receivers rely on them.
func reportIDs(requestID string, products []string) map[string]bool {
	namespace := uuid.MustParse("6f1d8d0c-3e0b-5c0e-9a63-5d1f1b7a9c55")
	ids := map[string]bool{}
	for _, p := range products {
		ids[uuid.NewSHA1(namespace, []byte(requestID+"|"+p+"|V1|1")).String()] = true
	}
	return ids
}

// TestCrash kills the server with -9 at its worst moments. After a restart every
// report arrives, with the ids that it would have had, the first within two seconds.
func TestCrash(t *testing.T) {
	for _, point := range []string{
		"accept-committed", "analysis-middle", "reports-before-commit", "reports-committed", "delivery-answered", "stopping",
	} {
		t.Run(point, func(t *testing.T) {
			i := install(t, killable, "")
			products := []string{"pf_checking_account", "pf_credit_card", "pf_balance", "pf_identity", "pf_categorized_checking_l3"}
			args := []string{}
			for _, p := range products {
				args = append(args, "--enable", p)
			}
			app := i.createApplication(args...)

			release := func() {}
			if point == "stopping" {
				release = i.receiver.block() // Something must be left to lose.
			}
			server := i.start("serve", "KLAAS_FAILPOINT="+point)
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			// The answer may be lost with the server.
			status, _, err := server.call(ctx, app, http.MethodPost, "/klaas/openfinance/v1/analytics", read(t, sample))
			if err == nil && status != http.StatusOK {
				t.Fatalf("the server answered %d", status)
			}
			if point == "stopping" {
				if !eventually(10*time.Second, func() bool { return i.receiver.called() > 0 }) {
					t.Fatal("no report was sent")
				}
				if err := server.command.Process.Signal(syscall.SIGTERM); err != nil {
					t.Fatal(err)
				}
			}
			server.awaitKill()
			release()
			before := i.receiver.count()

			server = i.start("serve")
			if !eventually(10*time.Second, func() bool { return i.receiver.count() > before || i.receiver.count() == len(products) }) {
				t.Fatal("nothing arrives after the restart")
			}
			if took := time.Since(server.started); took > 2*time.Second {
				t.Errorf("the first report arrived %s after the restart", took)
			}
			reports := i.receiver.await(len(products))
			var requestID string
			for _, r := range reports {
				requestID = r.envelope.RequestID
			}
			want := reportIDs(requestID, products)
			for id, r := range reports {
				if !want[id] {
					t.Errorf("%s has the id %s", r.envelope.ProductName, id)
				}
			}
			server.stop()
		})
	}
}

// TestStopReleasesWork stops a server whose receiver hangs: it ends in time, and
// the next one sends everything.
func TestStopReleasesWork(t *testing.T) {
	i := install(t, program, "")
	app := i.createApplication("--enable", "all")
	release := i.receiver.block()
	server := i.start("serve")
	server.submit(app, read(t, sample))
	if !eventually(10*time.Second, func() bool { return i.receiver.called() > 0 }) {
		t.Fatal("no report was sent")
	}
	if took := server.stop(); took > 20*time.Second {
		t.Errorf("the stop took %s", took)
	}
	release()
	server = i.start("serve")
	i.receiver.await(personal())
	server.stop()
}
