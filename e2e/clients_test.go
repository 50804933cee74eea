package e2e

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOtherPeoplesClients lets the public audit suite and well-known clients
// loose on the binary. They are installed from e2e/clients' lock file.
func TestOtherPeoplesClients(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("needs Node.js")
		}
		t.Skip("needs Node.js: install it, then make test")
	}
	if _, err := os.Stat("clients/node_modules"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("needs the clients: npm ci in e2e/clients, as make test does")
		}
		t.Skip("needs the clients: run make test")
	}
	s := start(t, engines{name: "embedded"})
	for name, script := range map[string][]string{
		"the GraphQL-over-HTTP audits pass":                      {"audit.mjs", s.url},
		"graphql-ws, graphql-sse, Apollo and urql do their deal": {"clients.mjs", s.url},
		"openid-client signs in and gets systems their tokens":   {"identity.mjs", s.url, "lender-a", s.secret("lender-a"), "keyed", s.keyed("keyed", "들녘저축은행")},
	} {
		t.Run(name, func(t *testing.T) {
			c := exec.Command(node, script...)
			c.Dir = "clients"
			out, err := c.CombinedOutput()
			require.NoError(t, err, "%s", out)
			t.Logf("%s", out)
		})
	}
}
