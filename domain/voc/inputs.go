package voc

import (
	"time"

	"dure/domain/page"
)

// SendVoiceInput is something to say.
type SendVoiceInput struct {
	ID             string // made by the device; "" for a new one
	IdempotencyKey string
	Kind           VoiceKind
	Text           string
	PhotoSha256s   []string
	AudioSha256    string
	CustomerID     string
	ProductID      string
	SerialNumber   string
	ContractID     string
	Screen         string
	OccurredAt     *time.Time
}

// AnswerVoiceInput is an answer.
type AnswerVoiceInput struct {
	IdempotencyKey string
	VoiceID        string
	Text           string
}

// AssignVoiceInput gives a voice to somebody at headquarters; "" takes it back.
type AssignVoiceInput struct {
	IdempotencyKey  string
	VoiceID         string
	ExpectedVersion int
	AssigneeID      string
	Team            VoiceTeam // "" leaves it with its team
}

// MarkVoiceUsefulInput says that a voice helped.
type MarkVoiceUsefulInput struct {
	IdempotencyKey string
	VoiceID        string
}

// CloseVoiceInput ends a voice.
type CloseVoiceInput struct {
	IdempotencyKey  string
	VoiceID         string
	ExpectedVersion int
	Outcome         string
}

// VoiceFilter picks voices; zero fields pick all.
type VoiceFilter struct {
	Kind       VoiceKind
	Status     VoiceStatus
	Team       VoiceTeam
	RegionCode string
	DealerID   string
	CustomerID string
	ProductID  string
	ContractID string
	AssigneeID string
	Mine       bool // sent by the caller
	Overdue    bool
	Escalated  bool
}

// VoiceConnection and VoiceEdge page through voices.
type (
	VoiceConnection = page.Connection[Voice]
	VoiceEdge       = page.Edge[Voice]
)
