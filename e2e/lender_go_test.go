package e2e

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/kst"
)

// lenderGo is examples/lender-go, built, with the settings of one client.
type lenderGo struct {
	t       *testing.T
	program string
	env     []string
	book    string
}

func buildLender(t *testing.T, s *server) *lenderGo {
	t.Helper()
	folder := t.TempDir()
	l := &lenderGo{t: t, program: filepath.Join(folder, "lender"), book: filepath.Join(folder, "book.json")}
	build := exec.Command("go", "build", "-o", l.program, ".")
	build.Dir = "../examples/lender-go"
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	l.env = append(os.Environ(), "LENDER_DURE_URL="+s.url, "LENDER_CLIENT_ID=lender-a", "LENDER_CLIENT_SECRET="+s.secret("lender-a"))
	return l
}

// with is the same system with other settings.
func (l *lenderGo) with(env ...string) *lenderGo {
	other := *l
	other.env = append(append([]string{}, l.env...), env...)
	return &other
}

// start runs a command of the system until it is killed.
func (l *lenderGo) start(args ...string) *exec.Cmd {
	l.t.Helper()
	c := exec.Command(l.program, args...)
	c.Env = append(l.env, "LENDER_BOOK="+l.book)
	said := &lines{}
	c.Stdout, c.Stderr = said, said
	require.NoError(l.t, c.Start())
	l.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if l.t.Failed() {
			l.t.Logf("lender %s said:\n%s", strings.Join(args, " "), said)
		}
	})
	return c
}

// run runs a command of the system to its end.
func (l *lenderGo) run(args ...string) (string, error) {
	c := exec.Command(l.program, args...)
	c.Env = append(l.env, "LENDER_BOOK="+l.book)
	out, err := c.CombinedOutput()
	return string(out), err
}

// must is run where success is expected.
func (l *lenderGo) must(args ...string) string {
	l.t.Helper()
	out, err := l.run(args...)
	require.NoError(l.t, err, "%s", out)
	return out
}

// lenderBook is what the system wrote down.
type lenderBook struct {
	Cursor       string
	Changes      int
	Applications map[string]struct{ Status string }
	Open         map[string]bool
}

func (l *lenderGo) read() (b lenderBook) {
	l.t.Helper()
	raw, err := os.ReadFile(l.book)
	if os.IsNotExist(err) {
		return b
	}
	require.NoError(l.t, err)
	require.NoError(l.t, json.Unmarshal(raw, &b), "a book is replaced as a whole")
	return b
}

func (b lenderBook) statuses() map[string]string {
	statuses := map[string]string{}
	for id, a := range b.Applications {
		statuses[id] = a.Status
	}
	return statuses
}

func TestTheExampleOfALendersSystemWorks(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	lender, dealer := s.system("lender-a"), s.signIn("dealer@demo.dure")
	l := buildLender(t, s)
	l.must("follow", "-once")
	_, _, count := changes(lender)
	_, live := listed(lender)
	whole := l.read()
	assert.Equal(t, count, whole.Changes)
	assert.Equal(t, live, whole.statuses())
	assert.Contains(t, slices.Collect(maps.Values(live)), "SUBMITTED", "there is one to decide")

	t.Run("it may be killed at any time and has every change once", func(t *testing.T) {
		other := l.with()
		other.t, other.book = t, filepath.Join(t.TempDir(), "book.json")
		for kills, seen := 0, 0; kills < 3; kills++ {
			running := other.start("follow", "-page", "1")
			require.Eventually(t, func() bool { return other.read().Changes > seen }, 20*time.Second, time.Millisecond)
			require.NoError(t, running.Process.Kill())
			_ = running.Wait()
			seen = other.read().Changes
		}
		other.must("follow", "-once", "-page", "3")
		assert.Equal(t, whole, other.read())
	})
	t.Run("it signs in by key, too", func(t *testing.T) {
		keyed := l.with("LENDER_CLIENT_ID=lender-key", "LENDER_CLIENT_SECRET=", "LENDER_CLIENT_KEY="+s.keyed("lender-key", "두레캐피탈"))
		keyed.t, keyed.book = t, filepath.Join(t.TempDir(), "book.json")
		keyed.must("follow", "-once")
		assert.Equal(t, live, keyed.read().statuses())
	})
	t.Run("it tells why it was refused", func(t *testing.T) {
		out, err := l.run("decide", "-application", "app_unknown")
		require.Error(t, err)
		assert.Contains(t, out, `no application \"app_unknown\"`)
		for id, a := range whole.Applications {
			if a.Status == "FUNDED" {
				out, err = l.run("decide", "-application", id)
				require.Error(t, err)
				assert.Contains(t, out, "CONFLICT")
				break
			}
		}
	})

	address := freePort(t)
	printed := l.must("endpoint", "-url", "http://"+address+"/dure")
	listening := l.with(strings.TrimSpace(printed))
	listening.start("follow", "-listen", address, "-every", "1h")
	status := func(id, wanted string) {
		t.Helper()
		require.Eventually(t, func() bool { return l.read().Applications[id].Status == wanted }, 30*time.Second, 20*time.Millisecond,
			"the webhook rings, and the book says %s", wanted)
	}
	require.Eventually(t, func() bool {
		answer, err := http.Post("http://"+address+"/dure", "application/json", strings.NewReader(`{"type":"application.submitted"}`))
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return assert.Equal(t, http.StatusUnauthorized, answer.StatusCode, "nobody else rings")
	}, 10*time.Second, 20*time.Millisecond)

	contractID, sha, version := draft(dealer)
	dealer.mutate("signContract", "SignContractInput", "contract { id }", signing(dealer, contractID, sha, version))
	customerID := dealer.must(`query($id: ID!) { contract(id: $id) { customer { id } } }`, object{"id": contractID}).text(t, "contract.customer.id")
	firm := lenderID(dealer, "두레캐피탈")
	dealer.mutate("recordConsent", "RecordConsentInput", "consent { id }", object{
		"customerId": customerID, "textId": consentText(dealer, "THIRD_PARTY"), "recipient": firm, "items": []string{"CONTRACT", "IDENTITY"}, "retentionDays": 365,
	})
	id := dealer.mutate("applyForFinance", "ApplyForFinanceInput", "applications { id }", object{
		"contractId": contractID, "lenderIds": []string{firm}, "amount": 10_000_000, "months": 36,
	}).text(t, "applyForFinance.applications.0.id")
	status(id, "SUBMITTED")

	asked := l.must("request", "-application", id, "-title", "농업경영체 등록 확인서", "-due", kst.Day(time.Now().AddDate(0, 0, 7)))
	assert.Contains(t, asked, "WANTED")
	l.must("decide", "-application", id, "-decision", "CONDITIONAL", "-condition", "확인서를 내 주세요")
	status(id, "CONDITIONAL")
	out, err := l.run("fund", "-application", id, "-on", kst.Day(time.Now()))
	require.Error(t, err, "a document is missing")
	assert.Contains(t, out, "CONFLICT")
	wanted := dealer.must(`query($id: ID!) { financeApplication(id: $id) { stipulations { id } } }`, object{"id": id})
	dealer.mutate("answerStipulation", "AnswerStipulationInput", "application { id }", object{
		"stipulationId": wanted.text(t, "financeApplication.stipulations.0.id"),
		"file":          object{"name": "확인서.pdf", "content": base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 확인서"))},
	})
	assert.Contains(t, l.must("fund", "-application", id, "-on", kst.Day(time.Now())), "FUNDED, version")
	status(id, "FUNDED")
}
