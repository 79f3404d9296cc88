package storetest

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/openklaas/klaas/internal/store"
)

type testJob struct{}

func (testJob) Kind() string { return "store_test" }

// insertJob adds a job to the queue in tx.
func insertJob(t testing.TB, s store.Store, tx store.Tx) int64 {
	var result *rivertype.JobInsertResult
	var err error
	switch raw := tx.Raw().(type) {
	case *sql.Tx:
		client, failed := river.NewClient(riversqlite.New(s.Raw().(*sql.DB)), &river.Config{})
		noError(t, failed)
		result, err = client.InsertTx(context.Background(), raw, testJob{}, nil)
	case pgx.Tx:
		client, failed := river.NewClient(riverpgxv5.New(s.Raw().(*pgxpool.Pool)), &river.Config{})
		noError(t, failed)
		result, err = client.InsertTx(context.Background(), raw, testJob{}, nil)
	default:
		t.Fatalf("Raw is a %T", raw)
	}
	noError(t, err)
	return result.Job.ID
}

// queue returns the queue's own access to the database.
func queue(t testing.TB, s store.Store) riverdriver.Executor {
	switch raw := s.Raw().(type) {
	case *sql.DB:
		return riversqlite.New(raw).GetExecutor()
	case *pgxpool.Pool:
		return riverpgxv5.New(raw).GetExecutor()
	default:
		t.Fatalf("Raw is a %T", raw)
		return nil
	}
}

// take makes a client take one available job, as the queue itself does.
func take(t testing.TB, s store.Store, client string) *rivertype.JobRow {
	t.Helper()
	result, err := queue(t, s).JobGetAvailable(t.Context(), &riverdriver.JobGetAvailableParams{
		ClientID: client, MaxAttemptedBy: 3, MaxToLock: 1, Queue: river.QueueDefault,
	})
	noError(t, err)
	if len(result.Jobs) != 1 {
		t.Fatalf("%d jobs are available, want 1", len(result.Jobs))
	}
	return result.Jobs[0]
}

func job(t testing.TB, s store.Store, id int64) *rivertype.JobRow {
	t.Helper()
	row, err := queue(t, s).JobGetByID(t.Context(), &riverdriver.JobGetByIDParams{ID: id})
	noError(t, err)
	return row
}

func exec(t testing.TB, s store.Store, statement string) {
	t.Helper()
	noError(t, queue(t, s).Exec(t.Context(), statement))
}

func count(t testing.TB, s store.Store, table string) int {
	t.Helper()
	var n int
	noError(t, queue(t, s).QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n))
	return n
}

func counts(t testing.TB, s store.Store, tables []string) map[string]int {
	t.Helper()
	rows := map[string]int{}
	for _, table := range tables {
		rows[table] = count(t, s, table)
	}
	return rows
}

func jobs(t *testing.T, s store.Store) {
	w := newApplication(t, s)
	ctx := t.Context()
	cause := errors.New("cause")
	wantError(t, "update", s.Update(ctx, func(tx store.Tx) error {
		insertJob(t, s, tx)
		return cause
	}), cause)
	equal(t, "jobs after a rollback", count(t, s, "river_job"), 0)
	var jobID int64
	update(t, s, func(tx store.Tx) error {
		jobID = insertJob(t, s, tx)
		return tx.InsertSubmission(ctx, w.newSubmission(begin))
	})
	equal(t, "rows after a commit", counts(t, s, []string{"river_job", "submissions"}), map[string]int{"river_job": 1, "submissions": 1})
	if row := take(t, s, "client"); row.ID != jobID || row.Attempt != 1 || row.State != rivertype.JobStateRunning {
		t.Errorf("the job taken is %+v", row)
	}
}

// free calls FreeOrphans.
func free(t testing.TB, s store.Store, now time.Time, everyone bool) int64 {
	t.Helper()
	var freed int64
	update(t, s, func(tx store.Tx) (err error) {
		freed, err = tx.FreeOrphans(t.Context(), now, everyone)
		return err
	})
	return freed
}

// orphans lets three clients take jobs: one lives, one has no lease, one's lease
// has run out. The jobs of the last two become free.
func orphans(t *testing.T, s store.Store) {
	ctx := t.Context()
	now := time.Now()
	var idle int64
	for range 3 {
		update(t, s, func(tx store.Tx) error {
			idle = insertJob(t, s, tx)
			return nil
		})
	}
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Heartbeat(ctx, "living", now.Add(-time.Hour)),
			tx.Heartbeat(ctx, "living", now.Add(time.Minute)),
			tx.Heartbeat(ctx, "late", now.Add(time.Minute)),
			tx.Heartbeat(ctx, "late", now),
			tx.Heartbeat(ctx, "stopped", now.Add(time.Minute)),
			tx.RemoveProcess(ctx, "stopped"),
			tx.RemoveProcess(ctx, "unknown"))
	})
	living, late, stopped := take(t, s, "living"), take(t, s, "late"), take(t, s, "stopped")
	update(t, s, func(tx store.Tx) error {
		idle = insertJob(t, s, tx)
		return nil
	})

	equal(t, "freed", free(t, s, now, false), int64(2))
	if row := job(t, s, living.ID); row.State != rivertype.JobStateRunning || row.Attempt != 1 {
		t.Errorf("the job of a living client is %s, attempt %d", row.State, row.Attempt)
	}
	for what, row := range map[string]*rivertype.JobRow{"late": job(t, s, late.ID), "stopped": job(t, s, stopped.ID)} {
		if row.State != rivertype.JobStateAvailable || row.Attempt != 0 {
			t.Errorf("the job of the %s client is %s, attempt %d, want available, 0", what, row.State, row.Attempt)
		}
		if d := row.ScheduledAt.Sub(now); d < -time.Millisecond || d > time.Millisecond {
			t.Errorf("the job of the %s client is due %v after now", what, d)
		}
	}
	if row := job(t, s, idle); row.State != rivertype.JobStateAvailable || row.Attempt != 0 {
		t.Errorf("a job that nobody took is %s, attempt %d", row.State, row.Attempt)
	}
	equal(t, "leases left", count(t, s, "processes"), 1)
	equal(t, "freed again", free(t, s, now, false), int64(0))

	// The next to take a freed job is the one that counts, not the first.
	for range 3 {
		take(t, s, "living")
	}
	equal(t, "freed when a living client took them", free(t, s, now, false), int64(0))
	if row := job(t, s, late.ID); row.Attempt != 1 || len(row.AttemptedBy) != 2 {
		t.Errorf("a job freed and taken again is at attempt %d, taken by %d clients", row.Attempt, len(row.AttemptedBy))
	}
	equal(t, "freed after the last lease", free(t, s, now.Add(time.Hour), false), int64(4))
}

func orphansEveryone(t *testing.T, s store.Store) {
	ctx := t.Context()
	update(t, s, func(tx store.Tx) error {
		insertJob(t, s, tx)
		return tx.Heartbeat(ctx, "living", time.Now().Add(time.Hour))
	})
	row := take(t, s, "living")
	equal(t, "freed", free(t, s, time.Now(), false), int64(0))
	equal(t, "freed, everyone", free(t, s, time.Now(), true), int64(1))
	if row := job(t, s, row.ID); row.State != rivertype.JobStateAvailable || row.Attempt != 0 {
		t.Errorf("the job is %s, attempt %d", row.State, row.Attempt)
	}
	if take(t, s, "next").ID != row.ID {
		t.Error("the freed job cannot be taken")
	}
}
