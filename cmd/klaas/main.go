// Klaas is the Open Finance analytics server and its command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/openklaas/klaas/internal/cli"
)

func main() {
	// A reader of the output that goes away ("| head") is a failed write and no
	// sudden death: the demo still removes its data, and a server outlives the
	// reader of its log.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // A second signal ends the program at once.
	code := cli.Run(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
