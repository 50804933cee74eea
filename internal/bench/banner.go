package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"

	"dure/domain/kst"
	"dure/server"
)

const (
	bannerRounds = 5
	bannerLength = time.Second // of each side in a round
)

// bannerQuery is what the portal asks at log-in: rank, of how many, movement,
// points to the next place, and why it last changed.
const bannerQuery = `{ rankBanner { rank of points tiedWith movement toNext cause { points explanation at } } }`

// rankBanner measures the CPU that a banner costs the server with so many
// dealers asking at once. The baseline is a bare net/http handler that makes the
// same Redis call and nothing else: no sign-in, no GraphQL, no reason from SQL.
func rankBanner(ctx context.Context, s *stage, callers int) ([]line, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if err := s.openBare(ctx); err != nil {
		return nil, err
	}
	staff, err := s.house.staff(ctx)
	if err != nil {
		return nil, err
	}
	requests, bare := make([][]byte, callers), make([][]byte, callers)
	for i := range callers {
		u := staff[i%len(staff)]
		token, err := s.house.token(u)
		if err != nil {
			return nil, err
		}
		requests[i] = graphQL(bannerQuery, token)
		bare[i] = wire(http.MethodGet, "/?dealer="+url.QueryEscape(u.DealerID), "")
	}
	rounds, err := compare(ctx, bannerRounds, bannerLength, s.ours, s.bare, requests, bare)
	if err != nil {
		return nil, err
	}
	return []line{newLine(fmt.Sprintf("rank-banner/%d", callers), "us", rounds)}, nil
}

// openBare serves the bare handler on the boards that the binary has filled.
func (s *stage) openBare(ctx context.Context) error {
	if s.bare != nil {
		return nil
	}
	season := s.house.season()
	child, err := s.startRole(ctx, "bare", "/healthz", "-redis", s.redis.URL+"/0", "-season", season.Key, "-day", kst.Day(time.Now()))
	s.bare = child
	return err
}

// serveBare is the role of the baseline of rank-banner.
func serveBare(ctx context.Context, arguments []string) (err error) {
	flags := flag.NewFlagSet("bare", flag.ContinueOnError)
	address := flags.String("addr", "", "where to listen")
	redisURL := flags.String("redis", "", "where the boards are")
	season := flags.String("season", "", "key of the running season")
	day := flags.String("day", "", "the business day")
	scripts := flags.String("scripts", "adapters/live/scripts", "folder of the scripts that ours run")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	options, err := redis.ParseURL(*redisURL)
	if err != nil {
		return err
	}
	options.Protocol, options.DisableIdentity = 2, true // as ours
	client := redis.NewClient(options)
	defer func() { err = errors.Join(err, client.Close()) }()
	find, err := loadScript(*scripts, "shared.lua", "find.lua")
	if err != nil {
		return err
	}
	prefix := "dure:{" + *season + "}:"
	const field = "board:NATION:"
	keys := []string{prefix + "meta", prefix + field, prefix + "totals", prefix + "before:" + *day}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		answer, err := find.Run(r.Context(), client, keys, field, r.URL.Query().Get("dealer")).Slice()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(bareAnswer{Data: bareBanner{
			Base: answer[0], Version: answer[1], Of: answer[2], Before: answer[3], Score: answer[4], Above: answer[5], Tied: answer[6], Next: answer[7],
		}})
	})
	return server.Run(ctx, *address, mux, time.Second)
}

func loadScript(folder string, names ...string) (*redis.Script, error) {
	var text []byte
	for _, name := range names {
		part, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		text = append(text, part...)
	}
	return redis.NewScript(string(text)), nil
}

type bareAnswer struct {
	Data bareBanner `json:"data"`
}

// bareBanner is the script's answer as it comes.
type bareBanner struct {
	Base    any `json:"base"`
	Version any `json:"version"`
	Of      any `json:"of"`
	Before  any `json:"before"`
	Score   any `json:"score"`
	Above   any `json:"above"`
	Tied    any `json:"tied"`
	Next    any `json:"next"`
}
