package flow

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// On SQLite all workers live in the process that adds the jobs. River's own way
// of telling them is a table that it polls every 50 ms, on the one connection
// that can write. A bell in memory is both faster and idle.

// belled is River's driver for SQLite with a bell in place of that table.
type belled struct {
	*riversqlite.Driver
	bell *bell
}

var _ riverdriver.Driver[*sql.Tx] = belled{}

func (d belled) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener { return d.bell }

// SupportsListenNotify keeps River from writing the table in every transaction.
func (belled) SupportsListenNotify() bool { return false }

// bell is a riverdriver.Listener that hears ring.
type bell struct{ rung chan string }

// insertTopic and its payload are how River tells of new jobs.
const insertTopic = "river_insert"

func newBell() *bell { return &bell{make(chan string, 64)} }

// ring lets the workers of a queue look for jobs. With so many rings unheard that
// the channel is full, their next poll has to do.
func (b *bell) ring(queueName string) {
	select {
	case b.rung <- queueName:
	default:
	}
}

func (b *bell) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case queueName := <-b.rung:
		return &riverdriver.Notification{Topic: insertTopic, Payload: fmt.Sprintf(`{"queue":%q}`, queueName)}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (*bell) Connect(context.Context) error          { return nil }
func (*bell) Close(context.Context) error            { return nil }
func (*bell) Listen(context.Context, string) error   { return nil }
func (*bell) Unlisten(context.Context, string) error { return nil }
func (*bell) Ping(context.Context) error             { return nil }
func (*bell) Schema() string                         { return "" }
func (*bell) SetAfterConnectExec(string)             {}
