package voc

import (
	"slices"
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
)

// IdeaStatus is where an idea stands on its way to a decision.
type IdeaStatus string

// The states of an idea.
const (
	IdeaProposed    IdeaStatus = "PROPOSED"
	IdeaUnderReview IdeaStatus = "UNDER_REVIEW"
	IdeaAccepted    IdeaStatus = "ACCEPTED"
	IdeaDeclined    IdeaStatus = "DECLINED"
	IdeaDone        IdeaStatus = "DONE"
)

// ways are the steps that an idea may take from each state.
var ways = map[IdeaStatus][]IdeaStatus{
	IdeaProposed:    {IdeaUnderReview},
	IdeaUnderReview: {IdeaAccepted, IdeaDeclined},
	IdeaAccepted:    {IdeaDone},
}

// IdeaFigure is the data that speaks for an idea.
type IdeaFigure struct {
	Metric string `json:"metric"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// Idea is something that somebody proposes, with a figure as its argument.
type Idea struct {
	ID              string `bun:",pk"`
	Title           string
	Text            string
	Figure          IdeaFigure `bun:",type:text"`
	ProposerID      string
	ProposerPersona identity.Persona
	DealerID        string `bun:",nullzero"` // of dealer staff
	Status          IdeaStatus
	ProposedAt      time.Time
	Version         int // grows by one at each save
}

// IdeaStep is one step of an idea's way.
type IdeaStep struct {
	ID      string `bun:",pk"`
	IdeaID  string
	Status  IdeaStatus
	Reason  string `bun:",nullzero"`
	ActorID string
	TakenAt time.Time
}

// IdeaSupport says that somebody is for an idea.
type IdeaSupport struct {
	IdeaID      string `bun:",pk"`
	UserID      string `bun:",pk"`
	SupportedAt time.Time
}

// Support is how many are for an idea, and whether the caller is.
type Support struct {
	IdeaID string
	Count  int
	Mine   bool
}

// Move takes the next step of an idea's way. It fails with fault.Conflict when
// the way does not lead there, or somebody changed the idea since version.
func (i *Idea) Move(to IdeaStatus, version int) error {
	if i.Version != version {
		return fault.New(fault.Conflict, "idea.changed").On("expectedVersion")
	}
	if !slices.Contains(ways[i.Status], to) {
		return fault.New(fault.Conflict, "idea.no_way").On("status")
	}
	i.Status = to
	return nil
}

// ReleaseNote tells what is new, and which voices and ideas it answers.
type ReleaseNote struct {
	ID          string `bun:",pk"`
	Title       string
	Text        string
	PublisherID string
	PublishedAt time.Time
}

// ReleaseNoteAnswer names a voice or an idea that a note answers.
type ReleaseNoteAnswer struct {
	NoteID    string `bun:",pk"`
	SubjectID string `bun:",pk"`
}

// ProposeIdeaInput is an idea.
type ProposeIdeaInput struct {
	ID             string // made by the device; "" for a new one
	IdempotencyKey string
	Title          string
	Text           string
	Figure         IdeaFigureInput
}

// IdeaFigureInput is the data that speaks for an idea.
type IdeaFigureInput struct{ Metric, Value, Source string }

// SupportIdeaInput is for an idea.
type SupportIdeaInput struct {
	IdempotencyKey string
	IdeaID         string
}

// UnsupportIdeaInput is no longer for an idea.
type UnsupportIdeaInput struct {
	IdempotencyKey string
	IdeaID         string
}

// MoveIdeaInput takes the next step of an idea's way.
type MoveIdeaInput struct {
	IdempotencyKey  string
	IdeaID          string
	ExpectedVersion int
	Status          IdeaStatus
	Reason          string
}

// PublishReleaseNoteInput is what is new.
type PublishReleaseNoteInput struct {
	IdempotencyKey string
	Title          string
	Text           string
	VoiceIDs       []string
	IdeaIDs        []string
}

// IdeaFilter picks ideas; zero fields pick all.
type IdeaFilter struct {
	Status IdeaStatus
	Mine   bool
}

// IdeaConnection and those below page through each list.
type (
	IdeaConnection        = page.Connection[Idea]
	IdeaEdge              = page.Edge[Idea]
	ReleaseNoteConnection = page.Connection[ReleaseNote]
	ReleaseNoteEdge       = page.Edge[ReleaseNote]
)
