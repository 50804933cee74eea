package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBrowserStories tells the stories of e2e/browser in headless Chromium, each
// file against a server of its own.
func TestBrowserStories(t *testing.T) {
	node := browserNeeds(t)
	stories, err := filepath.Glob("browser/stories/*.mjs")
	require.NoError(t, err)
	require.NotEmpty(t, stories)
	for _, story := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(story), ".mjs"), func(t *testing.T) {
			s := start(t, engines{name: "embedded"})
			tell(t, s, node, "--test", "--test-reporter=spec", filepath.Join("stories", filepath.Base(story)))
		})
	}
}

// TestEveryScreen looks at each screen of each app, on a phone, a tablet and a
// desk, in both languages, on a server that runs the apps' trusted documents and
// nothing else. The pictures lie in e2e/screens afterwards.
func TestEveryScreen(t *testing.T) {
	node := browserNeeds(t)
	s := &server{t: t, engines: engines{name: "embedded"}, data: t.TempDir(), more: []string{"DURE_DOCUMENTS=" + trustedDocuments(t)}}
	s.run()
	t.Cleanup(func() { s.stop() })
	tell(t, s, node, "look.mjs")
}

func tell(t *testing.T, s *server, node string, args ...string) {
	t.Helper()
	c := exec.Command(node, args...)
	c.Dir = "browser"
	c.Env = append(os.Environ(), "DURE_URL="+s.url)
	out, err := c.CombinedOutput()
	assert.NoError(t, err, "%s", out)
	t.Logf("%s", out)
}

// trustedDocuments puts the apps' trusted documents into one file, as DURE_DOCUMENTS takes it.
func trustedDocuments(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../web/dist/*.documents.json")
	require.NoError(t, err)
	all := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(content, &all))
	}
	content, err := json.Marshal(all)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "documents.json")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// browserNeeds returns Node.js when all that the stories need is there.
func browserNeeds(t *testing.T) string {
	t.Helper()
	node := needs(t, "node", "Node.js")
	needs(t, "chromium", "Chromium")
	for _, folder := range []string{"browser/node_modules", "../web/dist/dealer"} {
		if _, err := os.Stat(folder); err != nil {
			missing(t, folder+", which make test brings")
		}
	}
	return node
}

// needs returns where a command is. Without it a suite in CI fails; elsewhere
// the test says what to install.
func needs(t *testing.T, command, name string) string {
	t.Helper()
	path, err := exec.LookPath(command)
	if err != nil {
		missing(t, name)
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal("needs " + what)
	}
	t.Skip("needs " + what + ": run make test")
}
