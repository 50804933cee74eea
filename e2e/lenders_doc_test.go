package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheLendersPageWorks pastes docs/lenders.md into a terminal.
func TestTheLendersPageWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("needs curl")
		}
		t.Skip("needs curl: install it, then make test")
	}
	page, err := os.ReadFile("../docs/lenders.md")
	require.NoError(t, err)
	s := start(t, engines{name: "embedded"})
	p := newPartner(t)
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	shell := s.terminal(ctx, t.TempDir(), blocks(string(page), "sh"))
	shell.Env = append(shell.Env, "SECRET="+s.secret("lender-a"), "HOOK="+p.URL)
	out, err := shell.CombinedOutput()
	said := string(out)
	require.NoError(t, err, "%s", said)
	assert.NotContains(t, said, `"userErrors":[{`)
	assert.Contains(t, said, `"persona":"LENDER"`)
	assert.Contains(t, said, `"items":["CONTRACT"`)
	assert.Contains(t, said, `"kind":"`)
	assert.Contains(t, said, `"financeApplications":{"totalCount":`)
	assert.Contains(t, said, `"status":"CONDITIONAL"`, "the decision that was made")
	assert.Contains(t, said, `"status":"WANTED"`, "the document that was asked for")
	assert.Contains(t, said, `"secret":"whsec_`)
	assert.Regexp(t, `"replayWebhooks":\{"count":[1-9]`, said)
	assert.Contains(t, said, `"code":"INTERNAL"`, "the failure that was asked for")
	assert.Regexp(t, `"setSandboxClock":\{"sandbox":\{"now":"20`, said)
}
