package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dure/adapters/documents"
	"dure/adapters/live"
	"dure/adapters/store"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/work"
	"dure/graph/persona"
	dureschema "dure/schema"
)

type migrateCommand struct{}

// Run implements the command.
func (migrateCommand) Run(ctx context.Context, s *Settings) error {
	db, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

// useRunningBoards points at the embedded boards of a server that runs on the
// same data folder, if there is one.
func (s *Settings) useRunningBoards() {
	if s.RedisURL != "" {
		return
	}
	if url, err := os.ReadFile(filepath.Join(s.Data, boardsFile)); err == nil {
		s.RedisURL = strings.TrimSpace(string(url))
	}
}

type rebuildCommand struct{}

// Run implements the command.
func (rebuildCommand) Run(ctx context.Context, s *Settings) (err error) {
	ctx = work.Fresh(ctx)
	s.useRunningBoards()
	p, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	for _, season := range p.boards.LiveSeasons(time.Now()) {
		if err := p.redis.Boards().Drop(ctx, season); err != nil {
			return fmt.Errorf("drop %s: %w", season.Key, err)
		}
		if err := p.relay.Fill(ctx, season); err != nil {
			return fmt.Errorf("fill %s: %w", season.Key, err)
		}
		fmt.Printf("%s: filled from the ledger\n", season.Key)
	}
	return p.relay.Heal(ctx)
}

type verifyBoardsCommand struct{}

// Run implements the command.
func (verifyBoardsCommand) Run(ctx context.Context, s *Settings) (err error) {
	ctx = work.Fresh(ctx)
	s.useRunningBoards()
	db, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	redis, err := live.Open(ctx, live.Config{URL: s.RedisURL})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	defer func() { err = errors.Join(err, redis.Close(), db.Close()) }()
	if redis.Embedded() {
		fmt.Println("no server runs on this data folder: its boards are gone with it, and the ledger is compared with the totals alone")
	}
	differences := 0
	boards := &leaderboard.Service{
		Season: func(at time.Time) leaderboard.Season { return boardSeason(iq.SeasonOf(at)) },
	}
	for _, season := range boards.LiveSeasons(time.Now()) {
		found, err := differs(ctx, db, redis, season)
		if err != nil {
			return err
		}
		for _, line := range found {
			fmt.Println(season.Key+":", line)
		}
		differences += len(found)
	}
	if differences > 0 {
		return fmt.Errorf("%d differences", differences)
	}
	fmt.Println("boards equal the ledger")
	return nil
}

// differs compares a season's ledger with its totals, and those with every board.
func differs(ctx context.Context, db *store.DB, redis *live.Redis, season leaderboard.Season) ([]string, error) {
	sums, err := (store.Ledger{DB: db}).RecountTotals(ctx, season.Key)
	if err != nil {
		return nil, err
	}
	totals, err := (store.Standings{DB: db}).Totals(ctx, season.Key)
	if err != nil {
		return nil, err
	}
	var found []string
	boards := map[leaderboard.Board]map[string]leaderboard.Total{{Season: season.Key, Scope: leaderboard.Nation}: {}}
	for _, t := range totals {
		if sums[t.DealerID] != t.Points {
			found = append(found, fmt.Sprintf("%s: the ledger says %d, the total %d", t.DealerID, sums[t.DealerID], t.Points))
		}
		delete(sums, t.DealerID)
		for _, b := range t.Boards() {
			if boards[b] == nil {
				boards[b] = map[string]leaderboard.Total{}
			}
			boards[b][t.DealerID] = t
		}
	}
	for dealer, points := range sums {
		found = append(found, fmt.Sprintf("%s: the ledger says %d, and there is no total", dealer, points))
	}
	if redis.Embedded() {
		slices.Sort(found)
		return found, nil
	}
	marker, err := redis.Boards().Filled(ctx, season)
	if err != nil {
		return nil, err
	}
	if marker == "" && len(totals) > 0 {
		return append(found, "the boards are not filled"), nil
	}
	for board, want := range boards {
		have, err := redis.Boards().All(ctx, season, board)
		if err != nil && !errors.Is(err, leaderboard.ErrAway) {
			return nil, err
		}
		found = append(found, compareBoard(board, want, have)...)
	}
	slices.Sort(found)
	return found, nil
}

func compareBoard(board leaderboard.Board, want, have map[string]leaderboard.Total) []string {
	name := strings.Trim(string(board.Scope)+" "+board.Key, " ")
	var found []string
	for dealer, w := range want {
		h, ok := have[dealer]
		switch {
		case !ok && w.Points > 0:
			found = append(found, fmt.Sprintf("%s: %s is missing, with %d points in the ledger", name, dealer, w.Points))
		case ok && h.Points != w.Points:
			found = append(found, fmt.Sprintf("%s: %s has %d, the ledger says %d", name, dealer, h.Points, w.Points))
		}
	}
	for dealer, h := range have {
		if _, ok := want[dealer]; !ok {
			found = append(found, fmt.Sprintf("%s: %s stands there with %d and should not", name, dealer, h.Points))
		}
	}
	return found
}

type verifyContractCommand struct {
	File string `arg:"" type:"existingfile" help:"The sealed package."`
}

// Run implements the command.
func (c verifyContractCommand) Run() (err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	report, err := documents.VerifyPackage(f, info.Size())
	if err != nil {
		return err
	}
	for _, check := range report.Checks {
		mark := "ok  "
		if !check.OK {
			mark = "FAIL"
		}
		fmt.Println(strings.TrimRight(mark+" "+check.Name+": "+check.Detail, ": "))
	}
	if !report.OK() {
		return errors.New("the package does not hold")
	}
	return nil
}

type schemaCommand struct {
	Demo    bool   `help:"With what is there in demo mode alone: the sandbox."`
	Persona string `help:"Whose schema: dealer, rep, hq, lender, carrier or customer; everybody's when left out."`
}

// Run implements the command.
func (c schemaCommand) Run() error {
	who := identity.Persona(strings.ToUpper(c.Persona))
	full, err := dureschema.Load()
	if err != nil {
		return err
	}
	if !c.Demo {
		full = persona.WithoutSandbox(full)
	}
	if c.Persona == "" {
		fmt.Print(persona.SDL(full))
		return nil
	}
	if !slices.Contains(identity.Personas, who) {
		return fmt.Errorf("there is no persona %q", c.Persona)
	}
	fmt.Print(persona.SDL(persona.Prune(full, who)))
	return nil
}
