package live

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"dure/domain/leaderboard"
)

// The scripts, each one round trip and one moment.
var (
	//go:embed scripts/shared.lua
	sharedText string
	//go:embed scripts/apply.lua
	applyText string
	//go:embed scripts/refill.lua
	refillText string
	//go:embed scripts/drop.lua
	dropText string
	//go:embed scripts/before.lua
	beforeText string
	//go:embed scripts/find.lua
	findText string
	//go:embed scripts/read.lua
	readText string
	//go:embed scripts/all.lua
	allText string

	applyScript  = redis.NewScript(sharedText + applyText)
	refillScript = redis.NewScript(sharedText + refillText)
	dropScript   = redis.NewScript(sharedText + dropText)
	beforeScript = redis.NewScript(sharedText + beforeText)
	findScript   = redis.NewScript(sharedText + findText)
	readScript   = redis.NewScript(sharedText + readText)
	allScript    = redis.NewScript(sharedText + allText)
)

const (
	// batchSize is how many dealers one script takes, so that none holds Redis
	// up for more than a few milliseconds.
	batchSize = 500
	// beforeKept is how long the standings at the start of a day are kept.
	beforeKept = 3 * 24 * time.Hour
	// boardField begins the name of a board's sorted set after the season's
	// prefix, which is also its field in the season's meta hash.
	boardField = "board:"
)

// Boards keeps a season's boards under keys that share the season's hash tag,
// so that a cluster holds them on one node and a script sees them at one moment:
//
//	dure:{2026Q4}:board:NATION:        sorted set, dealer by score
//	dure:{2026Q4}:totals               hash, dealer to the total last applied
//	dure:{2026Q4}:before:2026-11-24    hash, dealer to ranks at the start of that day
//	dure:{2026Q4}:meta                 hash: filled, clock, base, and each board's version
//
// A board's version is the clock at its last change, or the base if that is
// later: the clock at the last refill or start of a day, which touch all boards.
//
// Two dealers who reached the same points within the same millisecond stand in
// order of their ids. Points of 2^20 and more are all held as 2^20 - 1.
type Boards struct{ redis *Redis }

var _ leaderboard.Boards = Boards{}

// Boards returns the leaderboards in this Redis.
func (r *Redis) Boards() Boards { return Boards{r} }

// keys are the names of a season's keys.
type keys struct{ prefix, meta, totals string }

func keysOf(season leaderboard.Season) keys {
	prefix := "dure:{" + season.Key + "}:"
	return keys{prefix: prefix, meta: prefix + "meta", totals: prefix + "totals"}
}

func (k keys) before(day string) string { return k.prefix + "before:" + day }

// field names board inside its season.
func field(board leaderboard.Board) string {
	return boardField + string(board.Scope) + ":" + board.Key
}

// reading returns the keys that the reading scripts take.
func (k keys) reading(board leaderboard.Board, day string) []string {
	return []string{k.meta, k.prefix + field(board), k.totals, k.before(day)}
}

// published returns the channel for the scripts, "" on the embedded server.
func (b Boards) published() string {
	if b.redis.embedded != nil {
		return ""
	}
	return b.redis.channel
}

// signal tells this process of boards that changed where no channel does.
func (b Boards) signal(boards ...leaderboard.Board) {
	if b.redis.embedded != nil {
		b.redis.bus.publish(boards...)
	}
}

// now is what versions grow with, also across a flush. Microseconds cannot be
// overtaken by changes, of which each takes a round trip; a double holds them.
func (b Boards) now() int64 { return b.redis.config.Now().UnixMicro() }

// Apply brings totals into the boards, keeping the newer of each dealer, and
// signals every board that changed. It returns how many dealers had a newer
// total. Applying again after a failure does no harm.
func (b Boards) Apply(ctx context.Context, season leaderboard.Season, totals []leaderboard.Total) (int, error) {
	k, applied := keysOf(season), 0
	for len(totals) > 0 {
		batch := totals[:min(batchSize, len(totals))]
		totals = totals[len(batch):]
		arguments := make([]any, 0, 4+8*len(batch))
		arguments = append(arguments, k.prefix, b.now(), season.Key, b.published())
		for _, t := range batch {
			arguments = append(arguments, t.DealerID, t.Seq, t.Points, score(season, t),
				t.ReachedAt.UnixMicro(), t.Region, t.Territory, t.Division)
		}
		answer, err := b.redis.write(ctx, applyScript, []string{k.meta, k.totals}, arguments...)
		if err != nil {
			return applied, fmt.Errorf("apply totals: %w", err)
		}
		reply := reply{values: answer}
		applied += reply.number(0)
		for _, name := range reply.list(1) {
			b.signal(decodeSignal(season.Key + "\t" + name)...)
		}
		if reply.err != nil {
			return applied, fmt.Errorf("apply totals: %w", reply.err)
		}
	}
	return applied, nil
}

// Refill marks the season's boards complete and gives each a new version.
func (b Boards) Refill(ctx context.Context, season leaderboard.Season, marker string) error {
	if _, err := b.redis.write(ctx, refillScript, []string{keysOf(season).meta}, marker, b.now(), b.published()); err != nil {
		return fmt.Errorf("mark boards as filled: %w", err)
	}
	b.signal(leaderboard.Board{})
	return nil
}

// Filled returns the marker that Refill left, "" when there is none.
func (b Boards) Filled(ctx context.Context, season leaderboard.Season) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, b.redis.config.WriteTimeout)
	defer cancel()
	marker, err := b.redis.client.HGet(ctx, keysOf(season).meta, "filled").Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", away(err)
	}
	return marker, nil
}

// Drop removes every board of the season and its standings before, so that
// reads fail with leaderboard.ErrAway until Refill.
func (b Boards) Drop(ctx context.Context, season leaderboard.Season) error {
	k := keysOf(season)
	if _, err := b.redis.write(ctx, dropScript, []string{k.meta, k.totals}, k.prefix, b.now(), b.published()); err != nil {
		return fmt.Errorf("drop boards: %w", err)
	}
	b.signal(leaderboard.Board{})
	return nil
}

// SetBefore stores the ranks at the start of the business day for three days.
// Calling it again for the same day replaces them.
func (b Boards) SetBefore(ctx context.Context, season leaderboard.Season, day string, totals []leaderboard.Total) error {
	k := keysOf(season)
	names := []string{k.meta, k.before(day), k.before(day) + ":" + rand.Text()}
	pairs := encodeRanks(totals)
	for last := false; !last; {
		batch := pairs[:min(2*batchSize, len(pairs))]
		pairs = pairs[len(batch):]
		part := "part"
		if last = len(pairs) == 0; last {
			part = "last"
		}
		arguments := append([]any{part, "before:" + day, b.now(), int(beforeKept.Seconds()), b.published()}, batch...)
		if _, err := b.redis.write(ctx, beforeScript, names, arguments...); err != nil {
			return fmt.Errorf("store the standings of %s: %w", day, err)
		}
	}
	b.signal(leaderboard.Board{})
	return nil
}

// HasBefore reports whether SetBefore was called for day and Redis still has it.
func (b Boards) HasBefore(ctx context.Context, season leaderboard.Season, day string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, b.redis.config.WriteTimeout)
	defer cancel()
	known, err := b.redis.client.Exists(ctx, keysOf(season).before(day)).Result()
	if err != nil {
		return false, away(err)
	}
	return known > 0, nil
}

// Read reads the rows of r. A day that SetBefore was not called for has no movement.
func (b Boards) Read(ctx context.Context, season leaderboard.Season, board leaderboard.Board, day string, r leaderboard.Range) (leaderboard.View, error) {
	first := max(r.Offset, 0)
	answer, err := b.redis.run(ctx, readScript, keysOf(season).reading(board, day), field(board), first, first+max(r.Limit, 0)-1)
	return decodeRows(board, "", answer, err)
}

// Around reads span dealers on either side of dealerID, itself included. A
// dealer without a rank stands below the end of the board.
func (b Boards) Around(ctx context.Context, season leaderboard.Season, board leaderboard.Board, day, dealerID string, span int) (leaderboard.View, error) {
	answer, err := b.redis.run(ctx, readScript, keysOf(season).reading(board, day), field(board), "", "", dealerID, max(span, 0))
	return decodeRows(board, dealerID, answer, err)
}

// Find reads one dealer's place. A dealer of the board whose total is not above
// 0 has a place without a rank; one without a total on the board has none.
func (b Boards) Find(ctx context.Context, season leaderboard.Season, board leaderboard.Board, day, dealerID string) (leaderboard.View, error) {
	answer, err := b.redis.run(ctx, findScript, keysOf(season).reading(board, day), field(board), dealerID)
	return decodePlace(board, dealerID, answer, err)
}

// All reads the total of every dealer with a rank on board: points from the
// sorted set, the rest from what was applied last. It is for comparing with the
// ledger and waits as long as a write may.
func (b Boards) All(ctx context.Context, season leaderboard.Season, board leaderboard.Board) (map[string]leaderboard.Total, error) {
	k := keysOf(season)
	answer, err := b.redis.write(ctx, allScript, []string{k.meta, k.prefix + field(board), k.totals})
	return decodeAll(season, answer, err)
}

// bandWidth is how many scores share the same points: 2^33 ms, 99 days.
const bandWidth = 1 << 33

// score packs t's points and when they were reached, so that ascending order
// is board order. What it returns is below 2^53 and exact as a double.
func score(season leaderboard.Season, t leaderboard.Total) string {
	points := int64(min(t.Points, 1<<20-1))
	reached := min(max(t.ReachedAt.Sub(season.Start).Milliseconds(), 0), bandWidth-1)
	return strconv.FormatInt(-points*bandWidth+reached, 10)
}

// points returns the points that a score packs.
func points(score float64) int {
	packed := int64(-score)
	return int((packed + bandWidth - 1) / bandWidth) // rounded up: scores are points * 2^33 less a part of it
}

// away wraps the cause in leaderboard.ErrAway.
func away(cause error) error { return fmt.Errorf("%w: %w", leaderboard.ErrAway, cause) }
