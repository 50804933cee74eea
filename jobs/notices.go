package jobs

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"dure/domain/identity"
)

// PausedLater implements webhook.Notices.
func (l *Library) PausedLater(ctx context.Context, endpointID string) error {
	tx, ok := l.tx(ctx)
	if !ok {
		return errNoTransaction
	}
	if _, err := l.client.InsertTx(ctx, tx, noticeArgs{EndpointID: endpointID}, nil); err != nil {
		return fmt.Errorf("leave a notice to a job: %w", err)
	}
	return nil
}

type noticeArgs struct {
	EndpointID string `json:"endpointId"`
}

func (noticeArgs) Kind() string { return "webhook.paused_notice" }

type noticeWorker struct {
	river.WorkerDefaults[noticeArgs]
	work *Work
}

func (w *noticeWorker) Work(ctx context.Context, job *river.Job[noticeArgs]) error {
	return w.work.SendPaused(identity.With(ctx, identity.System), job.Args.EndpointID)
}
