package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/lender/api"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestTheReceiverHearsWhatIsSignedAndNothingElse(t *testing.T) {
	verifier, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	const body = `{"type":"application.submitted"}`
	now := time.Now()
	for name, tt := range map[string]struct {
		at     time.Time
		body   string // what arrives
		status int
		rings  int
	}{
		"a message":                      {at: now, body: body, status: http.StatusNoContent, rings: 1},
		"one whose body was changed":     {at: now, body: strings.Replace(body, "submitted", "decided", 1), status: http.StatusUnauthorized},
		"one that somebody kept an hour": {at: now.Add(-time.Hour), body: body, status: http.StatusUnauthorized},
		"one that never ends":            {at: now, body: body + strings.Repeat(" ", longest), status: http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			signature, err := verifier.Sign("chg_1", tt.at, []byte(body))
			require.NoError(t, err)
			request := httptest.NewRequest(http.MethodPost, "/dure", strings.NewReader(tt.body))
			request.Header.Set("webhook-id", "chg_1")
			request.Header.Set("webhook-timestamp", strconv.FormatInt(tt.at.Unix(), 10))
			request.Header.Set("webhook-signature", signature)
			called, answer := make(chan struct{}, 1), httptest.NewRecorder()
			receiver{verifier, called}.ServeHTTP(answer, request)
			assert.Equal(t, tt.status, answer.Code)
			assert.Len(t, called, tt.rings)
		})
	}
}

func TestABookIsReadAsItWasSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.json")
	b, err := openBook(path)
	require.NoError(t, err)
	b.note(change{Kind: "contract.shared", SubjectId: "ctr_1"})
	b.note(change{Kind: "contract.shared", SubjectId: "ctr_2"})
	b.note(change{Kind: "application.decided", SubjectId: "app_1", Application: &api.Application{Id: "app_1", Status: api.ApplicationStatusApproved}})
	b.note(change{Kind: "contract.closed", SubjectId: "ctr_1"})
	b.Cursor = "c4"
	require.NoError(t, b.save(path))
	again, err := openBook(path)
	require.NoError(t, err)
	assert.Equal(t, b, again)
	assert.Equal(t, map[string]bool{"ctr_2": true}, again.Open)
	assert.Equal(t, 4, again.Changes)
	assert.Equal(t, api.ApplicationStatusApproved, again.Applications["app_1"].Status)
}
