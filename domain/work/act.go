package work

import (
	"context"
	"time"

	"dure/domain/act"
)

// Act returns an act of the caller's about subjectID that happened at that
// moment, with the facts that every act carries: lateDays, the whole days until
// the server heard of it, and registeredDevice.
func (k Kit) Act(ctx context.Context, kind act.Kind, subjectID string, at time.Time, facts act.Facts) act.Act {
	by, now := act.ByOf(ctx), k.Now().UTC()
	if facts == nil {
		facts = act.Facts{}
	}
	facts["lateDays"] = int(now.Sub(at).Hours() / 24)
	facts["registeredDevice"] = by.DeviceID != "" || by.System
	return act.Act{
		ID: k.NewID("act"), Kind: kind, SubjectID: subjectID, Facts: facts,
		ActorID: by.UserID, DealerID: by.DealerID, DeviceID: by.DeviceID,
		OccurredAt: at, ReceivedAt: now.Truncate(time.Microsecond),
	}
}
