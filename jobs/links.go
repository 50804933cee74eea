package jobs

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"dure/domain/identity"
	"dure/domain/link"
)

// LinkLetterLater implements link.Post. The job names the link and the code's
// number alone: neither secret nor code rests in the database.
func (l *Library) LinkLetterLater(ctx context.Context, kind link.LetterKind, linkID string, codeNumber int) error {
	tx, ok := l.tx(ctx)
	if !ok {
		return errNoTransaction
	}
	if _, err := l.client.InsertTx(ctx, tx, linkLetterArgs{LetterKind: kind, LinkID: linkID, CodeNumber: codeNumber}, nil); err != nil {
		return fmt.Errorf("leave a letter to a job: %w", err)
	}
	return nil
}

type linkLetterArgs struct {
	LetterKind link.LetterKind `json:"kind"`
	LinkID     string          `json:"linkId"`
	CodeNumber int             `json:"codeNumber"`
}

func (linkLetterArgs) Kind() string { return "link.send" }

type linkLetterWorker struct {
	river.WorkerDefaults[linkLetterArgs]
	work *Work
}

func (w *linkLetterWorker) Work(ctx context.Context, job *river.Job[linkLetterArgs]) error {
	return w.work.SendLinkLetter(identity.With(ctx, identity.System), job.Args.LetterKind, job.Args.LinkID, job.Args.CodeNumber)
}
