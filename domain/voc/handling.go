package voc

import (
	"context"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/text"
)

// AnswerVoice answers a voice. Its sender sees the answer.
func (s *Service) AnswerVoice(ctx context.Context, in AnswerVoiceInput) (*Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceHandle)
	if err != nil {
		return nil, err
	}
	if err := said(in.Text, "text"); err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "answerVoice", in, in.VoiceID, act.VoiceAnswered, func(ctx context.Context, v *Voice, at time.Time) error {
		if err := v.Answer(at); err != nil {
			return err
		}
		return s.Store.AddAnswer(ctx, &VoiceAnswer{ID: s.NewID("ans"), VoiceID: v.ID, ActorID: scope.UserID, Text: strings.TrimSpace(in.Text), AnsweredAt: at})
	})
}

// said fails unless somebody said something that can be kept.
func said(words, field string) error {
	if strings.TrimSpace(words) == "" {
		return fault.New(fault.Invalid, "voice.nothing_said").On(field)
	}
	return text.Check(words, MaxText, field)
}

// AssignVoice gives a voice to somebody at headquarters, or to another team.
func (s *Service) AssignVoice(ctx context.Context, in AssignVoiceInput) (*Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceHandle)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "assignVoice", in, in.VoiceID, act.VoiceAssigned, func(ctx context.Context, v *Voice, _ time.Time) error {
		if err := v.current(in.ExpectedVersion); err != nil {
			return err
		}
		if v.Status == VoiceClosed {
			return errClosed
		}
		if in.AssigneeID != "" {
			if at, err := s.People.AtHeadquarters(ctx, in.AssigneeID); err != nil {
				return err
			} else if !at {
				return fault.New(fault.NotFound, "voice.unknown_assignee").On("assigneeId")
			}
		}
		v.AssigneeID = in.AssigneeID
		if in.Team != "" {
			v.Team = in.Team
		}
		return nil
	})
}

// MarkVoiceUseful says that a voice helped, which earns its sender's dealer the
// points of the rule.
func (s *Service) MarkVoiceUseful(ctx context.Context, in MarkVoiceUsefulInput) (*Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceHandle)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "markVoiceUseful", in, in.VoiceID, act.VoiceUseful, func(_ context.Context, v *Voice, at time.Time) error {
		return v.MarkUseful(at)
	})
}

// CloseVoice ends a voice with what changed because of it.
func (s *Service) CloseVoice(ctx context.Context, in CloseVoiceInput) (*Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceHandle)
	if err != nil {
		return nil, err
	}
	if err := said(in.Outcome, "outcome"); err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "closeVoice", in, in.VoiceID, act.VoiceClosed, func(_ context.Context, v *Voice, at time.Time) error {
		if err := v.current(in.ExpectedVersion); err != nil {
			return err
		}
		return v.Close(strings.TrimSpace(in.Outcome), at)
	})
}

// change carries out a step of a voice's way and records it.
func (s *Service) change(ctx context.Context, scope identity.Scope, key, operation string, in any, id string, kind act.Kind,
	do func(ctx context.Context, v *Voice, at time.Time) error,
) (*Voice, error) {
	var v *Voice
	err := s.Once(ctx, key, operation, in, &v, func(ctx context.Context) error {
		var err error
		if v, err = s.Store.Voice(ctx, scope, id); err != nil {
			return fault.Refer(err, "voiceId")
		}
		at := s.now()
		if err := do(ctx, v, at); err != nil {
			return err
		}
		if err := s.Store.SaveVoice(ctx, v); err != nil {
			return err
		}
		return s.record(ctx, kind, v, at, act.Facts{"kind": string(v.Kind), "byStaff": v.SenderPersona == identity.Dealer})
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// EscalateVoices lets every voice rise that nobody answered in time, in a job.
// Several at once do it once.
func (s *Service) EscalateVoices(ctx context.Context) error {
	if _, err := identity.Allow(ctx, identity.VoiceEscalate); err != nil {
		return err
	}
	const atOnce = 200
	ids, err := s.Store.VoicesToEscalate(ctx, s.now(), atOnce)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.escalate(ctx, id); err != nil && fault.CodeOf(err) != fault.Conflict { // somebody answers just now
			return err
		}
	}
	return nil
}

func (s *Service) escalate(ctx context.Context, id string) error {
	return s.Do(ctx, func(ctx context.Context) error {
		v, err := s.Store.Voice(ctx, identity.Scope{Reach: identity.Everything}, id)
		if err != nil {
			return err
		}
		at := s.now()
		if !v.Escalate(at) {
			return nil
		}
		if err := s.Store.SaveVoice(ctx, v); err != nil {
			return err
		}
		return s.record(ctx, act.VoiceEscalated, v, at, act.Facts{"level": v.Level, "team": string(v.Team)})
	})
}
