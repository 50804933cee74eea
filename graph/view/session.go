package view

import (
	"time"

	"dure/domain/identity"
)

// Session is a device or an app on which a person is signed in.
type Session struct {
	ID         string
	DeviceID   *string
	App        *string
	CreatedAt  time.Time
	LastUsedAt time.Time
	Current    bool
}

// Sessions shows where a person is signed in; current is the session that asks.
func Sessions(rows []identity.Session, current string) []Session {
	out := make([]Session, len(rows))
	for i, s := range rows {
		out[i] = Session{
			ID: s.ID, DeviceID: unlessEmpty(s.DeviceID), App: unlessEmpty(s.App),
			CreatedAt: s.CreatedAt, LastUsedAt: s.RefreshedAt, Current: s.ID == current,
		}
	}
	return out
}

func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
