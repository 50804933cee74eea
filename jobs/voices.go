package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"dure/domain/identity"
)

// lookAtVoices is how often unanswered voices are looked at.
const lookAtVoices = 5 * time.Minute

type escalateArgs struct{}

func (escalateArgs) Kind() string { return "voices.escalate" }

type escalateWorker struct {
	river.WorkerDefaults[escalateArgs]
	work *Work
}

func (w *escalateWorker) Work(ctx context.Context, _ *river.Job[escalateArgs]) error {
	return w.work.EscalateVoices(identity.With(ctx, identity.System))
}
