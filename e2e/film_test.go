package e2e

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAFilmPlaysWithoutTheInternet plays what the catalogue names, from the
// middle too, as a browser's player does: without a token.
func TestAFilmPlaysWithoutTheInternet(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	a := s.signIn("dealer@demo.dure").must(`{ products { media { kind url durationSeconds chapters { atSecond } } } }`, nil)
	require.Equal(t, "FILE", a.text(t, "products.0.media.0.kind"))
	require.NotEmpty(t, a.at(t, "products.0.media.0.chapters"))
	address := s.url + a.text(t, "products.0.media.0.url")

	response, err := http.Get(address)
	require.NoError(t, err)
	film, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, "video/mp4", response.Header.Get("Content-Type"))
	assert.Equal(t, "ftyp", string(film[4:8]))

	request, err := http.NewRequest(http.MethodGet, address, nil)
	require.NoError(t, err)
	request.Header.Set("Range", "bytes=1000-1999")
	response, err = http.DefaultClient.Do(request)
	require.NoError(t, err)
	part, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusPartialContent, response.StatusCode)
	assert.Equal(t, film[1000:2000], part)

	status, _ := s.anonymous().download("/media/med_0")
	assert.Equal(t, http.StatusNotFound, status)
}
