package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// handIn posts a file of a voice and returns its SHA-256.
func (c *caller) handIn(content []byte) string {
	t := c.s.t
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, c.s.url+"/files/voices", bytes.NewReader(content))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, http.StatusCreated, response.StatusCode)
	var kept struct{ SHA256 string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&kept))
	return kept.SHA256
}

func TestAVoiceReachesHeadquartersAtOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		other := s // headquarters looks at another node, where nodes can share
		if e.databaseURL != "" {
			other = startOn(t, e, s.data)
		}
		dealer, hq := s.signIn("dealer@demo.dure"), other.signIn("hq@demo.dure")
		heard := hq.watch(`subscription { voiceReceived { id kind text senderName dealer { name } audioUrl } }`, nil)
		sound := append([]byte("\x1aE\xdf\xa3webm"), make([]byte, 100)...)
		sha := dealer.handIn(sound)

		var voice object
		require.Eventually(t, func() bool { // the subscription is on its way while the first is sent
			dealer.mutate("sendVoice", "SendVoiceInput", "voice { id }", object{"kind": "PROBLEM", "text": "시동이 늦게 걸려요", "audioSha256": sha, "screen": "/customers"})
			select {
			case message := <-heard:
				voice = message["voiceReceived"].(object)
				return true
			case <-time.After(2 * time.Second):
				return false
			}
		}, 20*time.Second, time.Millisecond)
		assert.Equal(t, "시동이 늦게 걸려요", voice["text"])
		assert.NotEmpty(t, voice["senderName"])
		request, err := http.NewRequest(http.MethodGet, other.url+voice["audioUrl"].(string), nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+hq.token)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, []any{http.StatusOK, "audio/webm"}, []any{response.StatusCode, response.Header.Get("Content-Type")})

		id := voice["id"]
		hq.mutate("answerVoice", "AnswerVoiceInput", "voice { status }", object{"voiceId": id, "text": "부품을 보내드릴게요"})
		hq.mutate("markVoiceUseful", "MarkVoiceUsefulInput", "voice { useful }", object{"voiceId": id})
		seen := dealer.must(`query($id: ID!) { voice(id: $id) { status useful overdue answers { text staffName } ledgerEntries { points rule { key } } } voices(filter: { mine: true }) { totalCount } }`, object{"id": id})
		assert.Equal(t, "부품을 보내드릴게요", seen.text(t, "voice.answers.0.text"))
		assert.NotEmpty(t, seen.text(t, "voice.answers.0.staffName"))
		assert.Len(t, seen.at(t, "voice.ledgerEntries"), 2, "sent and useful")
		neighbour := s.signIn("dealer2@demo.dure").must(`query($id: ID!) { voice(id: $id) { id } node(id: $id) { id } }`, object{"id": id})
		assert.Nil(t, neighbour.at(t, "voice"))
		assert.Nil(t, neighbour.at(t, "node"))
	})
}
