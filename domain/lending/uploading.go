package lending

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/text"
)

// What may be handed in beside a request, and how long it waits to be named.
const (
	MaxDocument    = 20 << 20 // bytes
	documentWaits  = 24 * time.Hour
	longestOpening = 16 // bytes by which a document's type is told
)

// Document is a file that a dealership has uploaded and that waits to be handed
// in: a stipulation's answer names it by its SHA-256.
type Document struct {
	SHA256   string `bun:"sha256,pk"`
	DealerID string `bun:",pk"`
	Type     string
	Size     int64
	KeptAt   time.Time
}

// Uploads keeps documents until somebody names them, apart from everything else,
// so that sweeping them takes away nobody's file.
type Uploads interface {
	Files
	Delete(ctx context.Context, sha256 string) error
}

// KeepDocument keeps a document that an answer will name by its SHA-256 within a
// day. It fails with fault.Invalid for what is no PDF, JPEG or PNG and for more
// than MaxDocument bytes; nothing is kept then.
func (s *Service) KeepDocument(ctx context.Context, r io.Reader) (*Document, error) {
	scope, err := identity.Allow(ctx, identity.FinanceApply)
	if err != nil {
		return nil, err
	}
	opening := bufio.NewReaderSize(&bounded{r: r, left: MaxDocument}, 4096)
	begins, err := opening.Peek(longestOpening)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	d := &Document{DealerID: scope.DealerID, Type: kindOf(begins), KeptAt: s.now()}
	if d.Type == "" {
		return nil, fault.New(fault.Invalid, "file.bad_kind").On("document")
	}
	if d.SHA256, d.Size, err = s.Uploads.Put(ctx, opening); err != nil {
		return nil, err
	}
	return d, s.Do(ctx, func(ctx context.Context) error { return s.Store.AddDocument(ctx, d) })
}

// bounded reads so many bytes and fails when there are more.
type bounded struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return 0, fault.New(fault.Invalid, "document.too_large", MaxDocument>>20).On("document")
	}
	return n, err
}

// attach moves an uploaded document to where it stays, and puts it onto w.
func (s *Service) attach(ctx context.Context, scope identity.Scope, w *Stipulation, in UploadedFileInput) error {
	if err := text.Check(in.Name, MaxLine, "uploaded.name"); err != nil {
		return err
	}
	d, err := s.Store.Document(ctx, in.SHA256, scope.DealerID)
	if err != nil {
		return fault.Refer(err, "uploaded.sha256")
	}
	content, err := s.Uploads.Get(ctx, d.SHA256)
	if err != nil {
		return fault.Refer(err, "uploaded.sha256")
	}
	defer func() { _ = content.Close() }()
	if w.FileSHA256, _, err = s.Files.Put(ctx, content); err != nil {
		return err
	}
	w.FileName, w.FileType, w.FileSize = in.Name, d.Type, int(d.Size)
	return nil
}

// SweepDocuments removes what was uploaded more than a day ago. What was named
// in the meantime is kept elsewhere already.
func (s *Service) SweepDocuments(ctx context.Context) error {
	if _, err := identity.Allow(ctx, identity.RecordsPrune); err != nil {
		return err
	}
	var gone []string
	err := s.Do(ctx, func(ctx context.Context) (err error) {
		gone, err = s.Store.DropDocuments(ctx, s.now().Add(-documentWaits))
		return err
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, sha := range gone {
		failed = append(failed, s.Uploads.Delete(ctx, sha))
	}
	return errors.Join(failed...)
}
