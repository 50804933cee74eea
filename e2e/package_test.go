package e2e

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// download fetches a file with the caller's token.
func (c *caller) download(path string) (int, []byte) {
	c.s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, c.s.url+path, nil)
	require.NoError(c.s.t, err)
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(c.s.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(c.s.t, err)
	return response.StatusCode, body
}

// packageHolds waits for the sealed package, checks it with the binary alone,
// and sees that a changed byte is told.
func packageHolds(t *testing.T, s *server, dealer *caller, contractID string) {
	t.Helper()
	var url string
	require.Eventually(t, func() bool {
		a := dealer.must(`query($id: ID!) { contract(id: $id) { evidence { sealedUrl } } }`, object{"id": contractID})
		url = a.text(t, "contract.evidence.sealedUrl")
		return url != ""
	}, 20*time.Second, 100*time.Millisecond, "no sealed package")

	status, sealed := dealer.download(url)
	require.Equal(t, http.StatusOK, status)
	file := filepath.Join(t.TempDir(), "contract.dure.zip")
	require.NoError(t, os.WriteFile(file, sealed, 0o600))
	out, err := s.dure("verify-contract", file)
	require.NoError(t, err, out)

	sealed[len(sealed)/2] ^= 1
	require.NoError(t, os.WriteFile(file, sealed, 0o600))
	out, err = s.dure("verify-contract", file)
	assert.Error(t, err, out)

	status, _ = s.anonymous().download(url)
	assert.Equal(t, http.StatusUnauthorized, status)
	status, _ = s.signIn("dealer2@demo.dure").download(url)
	assert.Equal(t, http.StatusNotFound, status)
}
