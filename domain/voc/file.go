package voc

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/logistics"
)

// What may be handed in.
const (
	MaxAudio  = 10 << 20 // bytes; ten minutes of speech and more
	MaxPhotos = 6
)

var errNoFile = fault.New(fault.Invalid, "voice.bad_file").On("file")

// KeepFile keeps a photo or a recording that a voice will name by the returned
// SHA-256. Of a photo only the picture itself is kept. It fails with
// fault.Invalid for what is neither JPEG nor PNG, nor WebM or MP4 sound, and for
// what is too large.
func (s *Service) KeepFile(ctx context.Context, r io.Reader) (string, error) {
	if _, err := identity.Allow(ctx, identity.VoiceSend); err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(r, max(MaxAudio, logistics.MaxPhoto)+1))
	if err != nil {
		return "", fmt.Errorf("read file: %w", err)
	}
	content, kind, err := accept(raw)
	if err != nil {
		return "", err
	}
	sha, _, err := s.Files.Put(ctx, bytes.NewReader(content))
	if err != nil {
		return "", fmt.Errorf("keep file: %w", err)
	}
	return sha, s.Do(ctx, func(ctx context.Context) error {
		return s.Store.AddFile(ctx, &VoiceFile{SHA256: sha, KeptBy: identity.From(ctx).UserID, Type: kind, KeptAt: s.now()})
	})
}

// accept tells what raw is by its bytes, and returns what is kept of it.
func accept(raw []byte) (content []byte, kind string, err error) {
	switch kind := soundOf(raw); {
	case kind != "" && len(raw) > MaxAudio:
		return nil, "", fault.New(fault.Invalid, "voice.audio_too_large", MaxAudio>>20).On("file")
	case kind != "":
		return raw, kind, nil
	}
	picture, kind, err := logistics.Picture(raw)
	if fault.CodeOf(err) != "" {
		if len(raw) > logistics.MaxPhoto {
			return nil, "", fault.New(fault.Invalid, "shipment.photo_too_large", logistics.MaxPhoto>>20).On("file")
		}
		return nil, "", errNoFile
	}
	return picture, kind, nil
}

// soundOf tells the two forms in which browsers record speech; "" for any other.
func soundOf(raw []byte) string {
	const head = 64 // both name themselves within it
	switch {
	case bytes.HasPrefix(raw, []byte("\x1aE\xdf\xa3")) && bytes.Contains(raw[:min(len(raw), head)], []byte("webm")):
		return "audio/webm"
	case len(raw) >= 12 && string(raw[4:8]) == "ftyp":
		return "audio/mp4"
	default:
		return ""
	}
}

// File is a photo or a recording. The caller closes Content.
type File struct {
	Content io.ReadCloser
	Type    string
}

// VoiceFile opens what a voice names, within the caller's reach. It fails with
// fault.NotFound.
func (s *Service) VoiceFile(ctx context.Context, voiceID, sha256 string) (*File, error) {
	scope, err := identity.Allow(ctx, identity.VoiceRead)
	if err != nil {
		return nil, err
	}
	v, err := s.Store.Voice(ctx, scope, voiceID)
	if err != nil {
		return nil, err
	}
	f, err := s.Store.File(ctx, sha256, v.SenderID)
	if err != nil || !v.names(sha256) {
		return nil, fault.New(fault.NotFound, "file.not_found")
	}
	content, err := s.Files.Get(ctx, sha256)
	if err != nil {
		return nil, err
	}
	return &File{Content: content, Type: f.Type}, nil
}

// names reports whether the file belongs to v.
func (v *Voice) names(sha256 string) bool {
	if v.Audio == sha256 {
		return true
	}
	for _, p := range v.Photos {
		if p == sha256 {
			return true
		}
	}
	return false
}
