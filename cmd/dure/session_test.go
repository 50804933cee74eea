package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/identity"
	"dure/internal/demo"
	"dure/server"
)

// asked posts an operation to the API and returns what it answers.
func asked(t *testing.T, api http.Handler, token, query string) (data map[string]any, errors []any) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	return answer.Data, answer.Errors
}

func TestASignInsAnswerIsReadAsWhoSignedIn(t *testing.T) {
	p := opened(t, "")
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	api, err := p.api(&serveCommand{Demo: true}, nil, server.Observer{Metrics: server.NewMetrics(nil)})
	require.NoError(t, err)
	t.Cleanup(api.Shutdown)

	const shown = `{ accessToken refreshToken userErrors { code }
		viewer { persona organization { name } dealer { name region { name } staff { name } iq { points standing { of } } } } }`
	signIn := func(login string) string {
		return `signIn(input: {login: "` + login + `", password: "` + demo.Password + `"}) ` + shown
	}
	whole := func(answer any) map[string]any {
		signed, _ := answer.(map[string]any)
		require.Empty(t, signed["userErrors"])
		viewer, _ := signed["viewer"].(map[string]any)
		require.NotNil(t, viewer)
		dealer, _ := viewer["dealer"].(map[string]any)
		assert.NotEmpty(t, viewer["organization"])
		assert.NotEmpty(t, dealer["region"])
		assert.NotEmpty(t, dealer["staff"], "whom only the dealership's own people see")
		assert.NotEmpty(t, dealer["iq"])
		return signed
	}

	data, errs := asked(t, api, "", `mutation { `+signIn(demo.DealerLogin)+` }`)
	require.Empty(t, errs, "who comes without a token")
	first := whole(data["signIn"])
	token, _ := first["accessToken"].(string)
	refresh, _ := first["refreshToken"].(string)

	data, errs = asked(t, api, "", `mutation { refreshSession(input: {refreshToken: "`+refresh+`"}) `+shown+` }`)
	require.Empty(t, errs)
	whole(data["refreshSession"])

	data, errs = asked(t, api, token, `mutation { one: `+signIn(demo.OtherDealerLogin)+` other: `+signIn(demo.DealerLogin)+` }`)
	require.Empty(t, errs, "who comes as somebody else")
	whole(data["one"])
	whole(data["other"])

	_, errs = asked(t, api, "", `mutation { `+signIn(demo.DealerLogin)+` signOut { signedOut } }`)
	assert.NotEmpty(t, errs, "the rest of the request is still nobody's")
}

func TestTheApiShowsWhatADealIsNow(t *testing.T) {
	p := opened(t, "")
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	api, err := p.api(&serveCommand{Demo: true}, nil, server.Observer{Metrics: server.NewMetrics(nil)})
	require.NoError(t, err)
	t.Cleanup(api.Shutdown)
	in, err := p.people.SignIn(context.Background(), identity.SignInInput{Login: demo.DealerLogin, Password: demo.Password})
	require.NoError(t, err)

	data, errs := asked(t, api, in.AccessToken, `{
		quotes(filter: {status: EXPIRED}, first: 5) { nodes { status staffName delivery followedAt financeRateBp customer { district { name } } } }
		mine: node(id: "`+in.User.ID+`") { id ... on User { login } }
		other: node(id: "usr_nobody") { id } }`)
	require.Empty(t, errs)
	quotes, _ := data["quotes"].(map[string]any)
	nodes, _ := quotes["nodes"].([]any)
	require.NotEmpty(t, nodes)
	for _, node := range nodes {
		quote, _ := node.(map[string]any)
		assert.Equal(t, "EXPIRED", quote["status"], "which is never stored")
		assert.NotEmpty(t, quote["staffName"])
	}
	assert.Equal(t, map[string]any{"id": in.User.ID, "login": demo.DealerLogin}, data["mine"])
	assert.Nil(t, data["other"])
}
