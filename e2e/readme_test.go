package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readme returns the text of the README.
func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	return string(text)
}

// section returns what stands between a heading and the next of its level.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "\n## "+heading+"\n")
	require.True(t, found, "the README has no section %q", heading)
	inside, _, _ := strings.Cut(rest, "\n## ")
	return inside
}

var fence = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")

// blocks joins the fenced blocks that begin with exactly this line.
func blocks(text, info string) string {
	var joined strings.Builder
	for _, b := range fence.FindAllStringSubmatch(text, -1) {
		if b[1] == info {
			joined.WriteString(b[2])
		}
	}
	return joined.String()
}

// terminal is a shell in a folder that looks like a checkout after make run.
func (s *server) terminal(ctx context.Context, folder, script string) *exec.Cmd {
	shell := exec.CommandContext(ctx, "sh", "-eu", "-c", script)
	shell.Dir = folder
	shell.Env = append(append(os.Environ(), s.environment()...), "API="+s.url)
	shell.WaitDelay = time.Second
	return shell
}

// TestTheReadmesWalkWorks pastes the README's first page into two terminals.
func TestTheReadmesWalkWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("needs curl")
		}
		t.Skip("needs curl: install it, then make test")
	}
	walk := section(t, readme(t), "Five minutes to a moving leaderboard")
	s := start(t, engines{name: "embedded"})
	folder := t.TempDir()
	for _, name := range []string{"bin", "data"} {
		require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o700))
	}
	require.NoError(t, os.Symlink(binary, filepath.Join(folder, "bin", "dure")))
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()

	board := &lines{}
	watching := s.terminal(ctx, folder, blocks(walk, "sh terminal=2"))
	watching.Stdout, watching.Stderr = board, board
	require.NoError(t, watching.Start())
	defer func() {
		stop()
		_ = watching.Wait() // it watches until it is stopped
	}()
	require.Eventually(t, func() bool { return strings.Contains(board.String(), `"top":[{"rank":1`) }, 15*time.Second, 20*time.Millisecond,
		"the board's first state does not come: %s", board)
	before := board.String()

	out, err := s.terminal(ctx, folder, blocks(walk, "sh")).CombinedOutput()
	said := string(out)
	require.NoError(t, err, "%s", said)
	assert.NotContains(t, said, `"errors":`)
	assert.NotContains(t, said, `"userErrors":[{`)
	assert.Contains(t, said, `"persona":"DEALER"`)
	assert.Contains(t, said, `"farm":{"filled":6,`)
	assert.Contains(t, said, `"watchedSeconds":45`)
	assert.Contains(t, said, `"withinBand":true`)
	assert.Contains(t, said, `"status":"SIGNED"`)
	assert.Regexp(t, `"points":30,"explanation":"[^"]+"`, said)
	assert.Contains(t, said, "boards equal the ledger")
	signed := regexp.MustCompile(`"sha256":"([0-9a-f]{64})"`).FindStringSubmatch(said)
	require.NotNil(t, signed, "%s", said)
	assert.Contains(t, said, signed[1]+"  data/contract.pdf", "the file that was read is not what was signed")

	require.Eventually(t, func() bool { return strings.Contains(board.String()[len(before):], `"moved":[{"dealer"`) }, 15*time.Second, 20*time.Millisecond,
		"the board does not move: %s", board)
}

// TestTheReadmeNamesEverySettingAndCommand compares the README's tables with
// what the binary says of itself.
func TestTheReadmeNamesEverySettingAndCommand(t *testing.T) {
	help := func(args ...string) string {
		out, err := exec.Command(binary, append(args, "--help")...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	text, all := readme(t), help()
	settings, commands := section(t, text, "Settings"), section(t, text, "Commands")

	named := map[string]bool{}
	for _, variable := range regexp.MustCompile(`\$(DURE_[A-Z_]+)`).FindAllStringSubmatch(all+help("serve"), -1) {
		named["| `"+variable[1]+"` |"] = true
	}
	require.NotEmpty(t, named)
	for row := range named {
		assert.Contains(t, settings, row)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `DURE_[A-Z_]+` \\|").FindAllString(settings, -1) {
		assert.Contains(t, named, row, "the README names a setting that does not exist")
	}
	offered := regexp.MustCompile(`(?m)^  ([a-z-]+)(?: [a-z]+)?(?: <\w+>)?(?: \[flags\])?$`).FindAllStringSubmatch(all, -1)
	require.NotEmpty(t, offered)
	for _, command := range offered {
		assert.Contains(t, commands, "| `dure "+command[1])
	}
}
