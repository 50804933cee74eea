package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

// secret reads a demo system's secret off the terminal.
func (s *server) secret(name string) string {
	s.t.Helper()
	found := regexp.MustCompile(`(?m)^  ` + name + ` +([A-Za-z0-9_-]{43})$`).FindStringSubmatch(s.output.String())
	require.NotNil(s.t, found, "the terminal tells no secret of %s", name)
	return found[1]
}

// keyed registers a system that signs assertions, and returns the file with its
// private key.
func (s *server) keyed(name, organization string) string {
	s.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(s.t, err)
	key := jose.JSONWebKey{Key: private, KeyID: name + "-1", Algorithm: "ES256", Use: "sig"}
	folder := s.t.TempDir()
	write := func(file string, content any) string {
		text, err := json.Marshal(content)
		require.NoError(s.t, err)
		path := filepath.Join(folder, file)
		require.NoError(s.t, os.WriteFile(path, text, 0o600))
		return path
	}
	public := write("public.json", jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	out, err := s.dure("register-client", name, "--persona=lender", "--organization="+organization, "--keys="+public)
	require.NoError(s.t, err, "%s", out)
	return write("private.json", key)
}

func TestASystemThatCannotBeRegisteredIsTold(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	for name, args := range map[string][]string{
		"a firm that does not exist":     {"lender-x", "--persona=lender", "--organization=없는회사"},
		"a firm of another kind":         {"lender-x", "--persona=carrier", "--organization=들녘저축은행"},
		"a persona of people":            {"lender-x", "--persona=hq", "--organization=두레농기계"},
		"a name that no address can say": {"렌더", "--persona=lender", "--organization=들녘저축은행"},
		"keys that are none":             {"lender-x", "--persona=lender", "--organization=들녘저축은행", "--keys=" + file("keys.json", `{"keys":[]}`)},
		"keys with a secret half":        {"lender-x", "--persona=lender", "--organization=들녘저축은행", "--keys=" + file("keys.json", `{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}`)},
	} {
		out, err := s.dure(append([]string{"register-client"}, args...)...)
		require.Error(t, err, "%s: %s", name, out)
	}
	out, err := s.dure("register-client", "lender-x", "--persona=lender", "--organization=들녘저축은행")
	require.NoError(t, err, "%s", out)
	require.Regexp(t, `client_id lender-x\nclient_secret [A-Z2-7]{52}\n`, out)
}
