package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"dure/domain/identity"
	"dure/domain/link"
	"dure/domain/webhook"
)

// Work is what the library's workers carry out.
type Work struct {
	Seal          func(ctx context.Context, contractID string) error
	ForgetAnswers func(ctx context.Context, before time.Time) error
	Prune         []func(ctx context.Context) error // what has to go once a day
	DrawDivisions func(ctx context.Context) error
	SendPaused    func(ctx context.Context, endpointID string) error
	SendPass      func(ctx context.Context, kind identity.PassKind, userID string) error
	Deliver       func(ctx context.Context, q webhook.Queue) error

	EscalateVoices func(ctx context.Context) error
	SendLinkLetter func(ctx context.Context, kind link.LetterKind, linkID string, codeNumber int) error
}

// Library runs the job library over the same database as everything else, so
// that a job exists exactly when its transaction committed.
type Library struct {
	client *river.Client[*sql.Tx]
	tx     func(ctx context.Context) (*sql.Tx, bool)
}

// AnswersKept is how long the first answer to an idempotency key is kept.
const AnswersKept = 30 * 24 * time.Hour

// errNoTransaction tells of a job that was asked for outside a transaction.
var errNoTransaction = errors.New("a job needs the transaction it belongs to")

// OpenLibrary prepares the job library's tables. tx returns the running
// transaction. work may name services that use the library themselves: it is
// read when a job runs.
func OpenLibrary(ctx context.Context, db *sql.DB, postgres bool, tx func(ctx context.Context) (*sql.Tx, bool), work *Work, logger *slog.Logger) (*Library, error) {
	var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(db)
	if postgres {
		driver = riverdatabasesql.New(db)
	}
	if err := prepareTables(ctx, db, postgres, driver, logger); err != nil {
		return nil, fmt.Errorf("prepare job tables: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &sealWorker{work: work})
	river.AddWorker(workers, &forgetWorker{work: work})
	river.AddWorker(workers, &pruneWorker{work: work})
	river.AddWorker(workers, &divideWorker{work: work})
	river.AddWorker(workers, &passWorker{work: work})
	river.AddWorker(workers, &deliverWorker{work: work})
	river.AddWorker(workers, &linkLetterWorker{work: work})
	river.AddWorker(workers, &escalateWorker{work: work})
	river.AddWorker(workers, &noticeWorker{work: work})
	client, err := river.NewClient(driver, &river.Config{
		Logger:  logger,
		Workers: workers,
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}, webhookQueue: {MaxWorkers: 16}},
		// Polling suffices: nothing here is waited for on a screen.
		FetchPollInterval: 500 * time.Millisecond,
		// All run at the start, too: a process may be restarted before a day is over.
		PeriodicJobs: []*river.PeriodicJob{
			river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return forgetArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
			river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return pruneArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
			river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) { return divideArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
			river.NewPeriodicJob(river.PeriodicInterval(lookAtVoices), func() (river.JobArgs, *river.InsertOpts) { return escalateArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open job library: %w", err)
	}
	return &Library{client: client, tx: tx}, nil
}

// tablesLock is the number of the advisory lock that preparing the tables
// holds: the job library takes none itself.
const tablesLock = 0x6a6f6273 // "jobs"

// prepareTables brings the job library's tables up to date. Copies that start at
// the same moment wait for one another.
func prepareTables(ctx context.Context, db *sql.DB, postgres bool, driver riverdriver.Driver[*sql.Tx], logger *slog.Logger) error {
	if postgres {
		conn, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", tablesLock)
			_ = conn.Close()
		}()
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", tablesLock); err != nil {
			return err
		}
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: logger})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Start lets the workers work until Stop.
func (l *Library) Start(ctx context.Context) error { return l.client.Start(ctx) }

// Stop waits for running jobs until ctx ends, and then takes their contexts away.
func (l *Library) Stop(ctx context.Context) error {
	err := l.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		cut, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer stop()
		return l.client.StopAndCancel(cut)
	}
	return err
}

// SealLater implements deal.Sealing.
func (l *Library) SealLater(ctx context.Context, contractID string) error {
	tx, ok := l.tx(ctx)
	if !ok {
		return errNoTransaction
	}
	_, err := l.client.InsertTx(ctx, tx, sealArgs{ContractID: contractID}, nil)
	if err != nil {
		return fmt.Errorf("leave sealing to a job: %w", err)
	}
	return nil
}

type sealArgs struct {
	ContractID string `json:"contractId"`
}

func (sealArgs) Kind() string { return "contract.seal" }

type sealWorker struct {
	river.WorkerDefaults[sealArgs]
	work *Work
}

func (w *sealWorker) Work(ctx context.Context, job *river.Job[sealArgs]) error {
	return w.work.Seal(identity.With(ctx, identity.System), job.Args.ContractID)
}

type forgetArgs struct{}

func (forgetArgs) Kind() string { return "answers.forget" }

type forgetWorker struct {
	river.WorkerDefaults[forgetArgs]
	work *Work
}

func (w *forgetWorker) Work(ctx context.Context, _ *river.Job[forgetArgs]) error {
	return w.work.ForgetAnswers(ctx, time.Now().UTC().Add(-AnswersKept))
}

type pruneArgs struct{}

func (pruneArgs) Kind() string { return "records.prune" }

type pruneWorker struct {
	river.WorkerDefaults[pruneArgs]
	work *Work
}

// Work lets one failure keep nothing else from going.
func (w *pruneWorker) Work(ctx context.Context, _ *river.Job[pruneArgs]) error {
	ctx = identity.With(ctx, identity.System)
	var failed []error
	for _, prune := range w.work.Prune {
		failed = append(failed, prune(ctx))
	}
	return errors.Join(failed...)
}

type divideArgs struct{}

func (divideArgs) Kind() string { return "divisions.draw" }

type divideWorker struct {
	river.WorkerDefaults[divideArgs]
	work *Work
}

func (w *divideWorker) Work(ctx context.Context, _ *river.Job[divideArgs]) error {
	return w.work.DrawDivisions(ctx)
}
