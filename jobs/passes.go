package jobs

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"dure/domain/identity"
)

// PassLater implements identity.Post. The job names the person alone: the pass is
// made when it runs, so that no token rests in the database.
func (l *Library) PassLater(ctx context.Context, kind identity.PassKind, userID string) error {
	tx, ok := l.tx(ctx)
	if !ok {
		return errNoTransaction
	}
	if _, err := l.client.InsertTx(ctx, tx, passArgs{PassKind: kind, UserID: userID}, nil); err != nil {
		return fmt.Errorf("leave a letter to a job: %w", err)
	}
	return nil
}

type passArgs struct {
	PassKind identity.PassKind `json:"kind"`
	UserID   string            `json:"userId"`
}

func (passArgs) Kind() string { return "pass.send" }

type passWorker struct {
	river.WorkerDefaults[passArgs]
	work *Work
}

func (w *passWorker) Work(ctx context.Context, job *river.Job[passArgs]) error {
	return w.work.SendPass(identity.With(ctx, identity.System), job.Args.PassKind, job.Args.UserID)
}
