package integration_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/lending"
)

// wanted is a document that a lender asks for.
func (w *world) wanted(a lending.FinanceApplication) lending.Stipulation {
	w.Helper()
	_, err := w.lending.RequestDocuments(w.lenderA, lending.RequestDocumentsInput{ApplicationID: a.ID, Documents: []lending.DocumentInput{{Title: "소득 금액 증명", DueOn: w.now().AddDate(0, 0, 7)}}})
	require.NoError(w, err)
	by, err := w.lending.StipulationsOf(w.lenderA, []string{a.ID})
	require.NoError(w, err)
	require.NotEmpty(w, by[a.ID])
	return by[a.ID][len(by[a.ID])-1]
}

func TestAnUploadedDocumentIsHandedIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, applications := w.shared("org_lender", "org_other_lender")
		asked := w.wanted(applications[0])
		content := "%PDF-1.7" + strings.Repeat(" 소득", 300_000) // larger than what fits into a request
		kept, err := w.lending.KeepDocument(w.gimje, strings.NewReader(content))
		require.NoError(w, err)
		assert.Equal(w, "application/pdf", kept.Type)
		assert.EqualValues(w, len(content), kept.Size)
		in := lending.AnswerStipulationInput{StipulationID: asked.ID, Uploaded: &lending.UploadedFileInput{Name: "소득.pdf", SHA256: kept.SHA256}}
		w.unchanged("bad answers", func() {
			both := in
			both.File = &lending.FileInput{Name: "x.pdf", Content: "JVBERi0="}
			w.refused("two files", failed(w.lending.AnswerStipulation(w.gimje, both)), fault.Invalid, "stipulation.two_files", "uploaded")
			made := in
			made.Uploaded = &lending.UploadedFileInput{Name: "소득.pdf", SHA256: strings.Repeat("0", 64)}
			w.refused("what nobody uploaded", failed(w.lending.AnswerStipulation(w.gimje, made)), fault.NotFound, "document.not_uploaded", "uploaded.sha256")
			made.Uploaded = &lending.UploadedFileInput{Name: "소득.pdf", SHA256: "../../master.key"}
			w.refused("a path", failed(w.lending.AnswerStipulation(w.gimje, made)), fault.NotFound, "document.not_uploaded", "uploaded.sha256")
		})
		_, err = w.lending.AnswerStipulation(w.gimje, in)
		require.NoError(w, err)
		w.pass(25 * time.Hour)
		require.NoError(w, w.lending.SweepDocuments(w.system))
		require.Zero(w, w.count("documents", "1 = 1"))
		file, err := w.lending.FileByLink(w.nobody, w.linkTo(w.lenderA, asked.ID))
		require.NoError(w, err)
		read, err := io.ReadAll(file.Content)
		require.NoError(w, errors.Join(err, file.Content.Close()))
		assert.Equal(w, content, string(read), "what was handed in stays, and is whole")
	})
}

// linkTo is the signed part of the caller's link to what was handed in.
func (w *world) linkTo(ctx context.Context, stipulationID string) string {
	w.Helper()
	link, err := w.lending.DocumentLink(ctx, lending.Stipulation{ID: stipulationID, FileSHA256: "some"})
	require.NoError(w, err)
	return strings.TrimPrefix(link.URL, "/files/shared/")
}

func TestADocumentWaitsADayForItsOwnDealership(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, applications := w.shared("org_lender", "org_other_lender")
		asked := w.wanted(applications[0])
		answer := func(sha string) error {
			return failed(w.lending.AnswerStipulation(w.gimje, lending.AnswerStipulationInput{StipulationID: asked.ID, Uploaded: &lending.UploadedFileInput{Name: "a.png", SHA256: sha}}))
		}
		keep := func(ctx context.Context) string {
			kept, err := w.lending.KeepDocument(ctx, strings.NewReader("\x89PNG\r\n\x1a\n 사진"))
			require.NoError(w, err)
			return kept.SHA256
		}
		sha := keep(w.iksan)
		w.refused("another dealership's", answer(sha), fault.NotFound, "document.not_uploaded", "uploaded.sha256")
		w.pass(23 * time.Hour)
		keep(w.gimje)
		w.pass(2 * time.Hour)
		require.NoError(w, w.lending.SweepDocuments(w.system))
		assert.Equal(w, 1, w.count("documents", "sha256 = ?", sha), "one dealership's day is over, the other's is not")
		require.NoError(w, answer(sha), "the file that both uploaded is still there")

		again := keep(w.gimje)
		w.pass(25 * time.Hour)
		require.NoError(w, w.lending.SweepDocuments(w.system))
		assert.Zero(w, w.count("documents", "1 = 1"))
		_, err := w.lending.Uploads.Get(w.nobody, again)
		assert.Equal(w, fault.NotFound, fault.CodeOf(err), "nothing is left of it")
	})
}

func TestWhatIsNoDocumentIsNotKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.unchanged("bad uploads", func() {
			for name, content := range map[string]string{"nothing": "", "a program": "\x7fELF", "a page": "<html>%PDF-", "half a word": "%PD"} {
				w.refused(name, failed(w.lending.KeepDocument(w.gimje, strings.NewReader(content))), fault.Invalid, "file.bad_kind", "document")
			}
			large := io.MultiReader(strings.NewReader("%PDF-"), bytes.NewReader(make([]byte, lending.MaxDocument-4)))
			w.refused("one byte too many", failed(w.lending.KeepDocument(w.gimje, large)), fault.Invalid, "document.too_large", "document")
			cut := io.MultiReader(strings.NewReader("%PDF-1.7 and then"+strings.Repeat(" ", 8192)), iotest.ErrReader(io.ErrUnexpectedEOF))
			require.ErrorIs(w, failed(w.lending.KeepDocument(w.gimje, cut)), io.ErrUnexpectedEOF, "a connection that broke")
		})
		largest := io.MultiReader(strings.NewReader("%PDF-"), bytes.NewReader(make([]byte, lending.MaxDocument-5)))
		_, err := w.lending.KeepDocument(w.gimje, largest)
		require.NoError(w, err)
	})
}
