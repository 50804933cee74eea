package integration_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/documents"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/work"
)

func sha256Of(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// sealed runs the sealing job's work and returns the package.
func (w *world) sealed(c *deal.Contract) []byte {
	w.Helper()
	require.NoError(w, w.deals.Seal(w.system, c.ID))
	r, err := w.deals.PackageFile(w.gimje, c.ID)
	require.NoError(w, err)
	content, err := io.ReadAll(r)
	require.NoError(w, err)
	require.NoError(w, r.Close())
	return content
}

func TestTheEvidenceOfASignature(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.gimje)
		drafted := w.now()
		w.pass(3 * time.Minute)
		in := signing(draft)
		in.OccurredAt = w.ago(time.Minute)
		in.ConsentTextIDs = append(in.ConsentTextIDs, "contract@3") // twice is once
		signed, err := w.deals.SignContract(w.gimje, in)
		require.NoError(w, err)
		assert.True(w, in.OccurredAt.Equal(signed.SignedAt), "the device's time")
		assert.True(w, w.now().Equal(signed.ReceivedAt), "and the server's")

		events, err := w.deals.EvidenceOf(w.rep, draft.ID)
		require.NoError(w, err)
		require.NoError(w, deal.VerifyEvidence(events), "the chain holds as it was kept")
		var kinds []string
		for _, e := range events {
			kinds = append(kinds, e.Kind)
			assert.Equal(w, "usr_gimje", e.ActorID)
		}
		assert.Equal(w, []string{deal.EvidenceDrafted, deal.EvidenceConsent, deal.EvidenceConsent, deal.EvidenceSigned}, kinds)
		assert.Equal(w, draft.PaperSHA256, events[0].Detail[deal.DetailPaper])
		assert.True(w, drafted.Equal(events[0].At))
		assert.Equal(w, "contract@3", events[1].Detail[deal.DetailConsent])
		assert.Equal(w, "3", events[1].Detail[deal.DetailVersion])
		last := events[3]
		assert.Equal(w, draft.PaperSHA256, last.Detail[deal.DetailPaper], "the signature binds what was read")
		assert.Equal(w, signed.SignatureSHA256, last.Detail[deal.DetailSignature])
		assert.Equal(w, "tablet", last.Detail[deal.DetailDevice])
		assert.Equal(w, w.now().Format(time.RFC3339Nano), last.Detail[deal.DetailReceived])

		for i := range events {
			forged := append([]deal.EvidenceEvent{}, events...)
			forged[i].At = forged[i].At.Add(time.Microsecond)
			assert.Error(w, deal.VerifyEvidence(forged), "a change of event %d shows", i+1)
		}
		_, err = w.deals.EvidenceOf(w.iksan, draft.ID)
		w.refused("another dealer", err, "NOT_FOUND", "contract.not_found", "")
	})
}

func TestASealedPackageHoldsUntilAByteChanges(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.gimje)
		require.NoError(w, w.deals.Seal(w.system, draft.ID), "a draft has nothing to seal")
		unsealed, err := w.deals.Contract(w.gimje, draft.ID)
		require.NoError(w, err)
		assert.Empty(w, unsealed.SealedSHA256)

		signed := w.sign(w.gimje, draft)
		assert.Equal(w, 1, w.count("river_job", "kind = 'contract.seal'"), "signing leaves the sealing to a job")
		w.pass(time.Minute)
		pkg := w.sealed(signed)
		report, err := documents.VerifyPackage(bytes.NewReader(pkg), int64(len(pkg)), shared.signer.Certificate)
		require.NoError(w, err)
		assert.True(w, report.OK(), report.Checks)
		assert.True(w, report.Trusted)
		assert.Equal(w, signed.ID, report.ContractID)
		assert.Equal(w, signed.Number, report.Number)
		assert.Equal(w, signed.PaperSHA256, report.PaperSHA256)
		assert.Equal(w, "김논두렁", report.SignerName)
		assert.True(w, signed.SignedAt.Equal(report.SignedAt))

		for _, where := range []int{len(pkg) / 3, len(pkg) / 2, strings.Index(string(pkg), "evidence.json") + 200} {
			forged := bytes.Clone(pkg)
			forged[where] ^= 1
			report, err := documents.VerifyPackage(bytes.NewReader(forged), int64(len(forged)), shared.signer.Certificate)
			assert.True(w, err != nil || !report.OK(), "a flipped bit at %d shows", where)
		}
	})
}

func TestSealingTwiceMakesOnePackage(t *testing.T) {
	eachWorld(t, func(w *world) {
		signed := w.sign(w.gimje, w.draft(w.gimje))
		for _, err := range atOnce(4, func(int) error { return w.deals.Seal(w.system, signed.ID) }) {
			require.NoError(w, err)
		}
		first, err := w.deals.Contract(w.gimje, signed.ID)
		require.NoError(w, err)
		assert.Len(w, first.SealedSHA256, 64)
		assert.Equal(w, signed.Version, first.Version, "sealing is nobody's edit")
		w.pass(time.Hour)
		require.NoError(w, w.deals.Seal(w.system, signed.ID))
		second, err := w.deals.Contract(w.gimje, signed.ID)
		require.NoError(w, err)
		assert.Equal(w, first.SealedSHA256, second.SealedSHA256)
		assert.Error(w, w.deals.Seal(w.system, "ctr_unknown"))
	})
}

// A job that seals, and somebody who cancels at that moment, both keep what
// they wrote.
func TestACancellationKeepsThePackageThatWasSealedMeanwhile(t *testing.T) {
	eachWorld(t, func(w *world) {
		signed := w.sign(w.gimje, w.draft(w.gimje))
		require.NoError(w, w.deals.Seal(w.system, signed.ID))
		stale := *signed // as it was read before the job sealed it
		require.NoError(w, stale.Cancel("마음이 바뀌었어요", w.now()))
		require.NoError(w, w.deals.Store.SaveContract(w.gimje, &stale))
		got, err := w.deals.Contract(w.gimje, signed.ID)
		require.NoError(w, err)
		assert.Equal(w, deal.ContractCancelled, got.Status)
		assert.NotEmpty(w, got.SealedSHA256)
	})
}

// lagging is a store whose reads may come from a replica that does not know of
// the signature yet, unless they must be fresh.
type lagging struct {
	deal.Store

	stale deal.Contract
}

func (l lagging) Contract(ctx context.Context, scope identity.Scope, id string) (*deal.Contract, error) {
	if id == l.stale.ID && !work.IsFresh(ctx) {
		old := l.stale
		return &old, nil
	}
	return l.Store.Contract(ctx, scope, id)
}

func TestAReplicaThatLagsKeepsNoContractFromBeingSealed(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.gimje)
		signed := w.sign(w.gimje, draft)
		w.deals.Store = lagging{w.deals.Store, *draft}
		require.NoError(w, w.deals.Seal(w.system, signed.ID))
		file, err := w.deals.PackageFile(w.gimje, signed.ID)
		require.NoError(w, err)
		assert.NoError(w, file.Close())
	})
}
