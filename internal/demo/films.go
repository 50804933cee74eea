package demo

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strings"
	"sync"
)

// The films were drawn by clips/draw.go, one for each line of tractors.
//
//go:embed clips/*.mp4
var clips embed.FS

// filmSeconds is how long every film is.
const filmSeconds = 60

// Films returns the films by the name of their line, such as "DR50".
var Films = sync.OnceValue(func() map[string][]byte {
	films := make(map[string][]byte, len(families))
	for _, f := range families {
		film, err := clips.ReadFile("clips/" + strings.ToLower(f.name) + ".mp4")
		if err != nil {
			panic(err) //nolint:forbidigo // they are embedded
		}
		films[f.name] = film
	}
	return films
})

// filmOf returns the SHA-256 of a line's film, as the file store names it.
func filmOf(line string) string {
	sum := sha256.Sum256(Films()[line])
	return hex.EncodeToString(sum[:])
}
