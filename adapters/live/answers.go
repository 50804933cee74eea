package live

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dure/domain/leaderboard"
)

// errNotFilled is the cause of leaderboard.ErrAway after a flush.
var errNotFilled = errors.New("the season's boards are not filled")

// reply reads the nested lists that scripts answer with. err holds the first
// thing that was not as expected; values read after it are zero.
type reply struct {
	values any
	err    error
}

func (r *reply) at(index int) any {
	list, ok := r.values.([]any)
	if !ok || index >= len(list) {
		r.fail(fmt.Errorf("unexpected answer of a script: %v", r.values))
		return nil
	}
	return list[index]
}

func (r *reply) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reply) text(index int) string {
	text, ok := r.at(index).(string)
	if !ok {
		r.fail(fmt.Errorf("a script's answer %d is not text", index))
	}
	return text
}

func (r *reply) number(index int) int {
	number, ok := r.at(index).(int64)
	if !ok {
		r.fail(fmt.Errorf("a script's answer %d is not a number", index))
	}
	return int(number)
}

func (r *reply) list(index int) []string {
	values, ok := r.at(index).([]any)
	if !ok {
		r.fail(fmt.Errorf("a script's answer %d is not a list", index))
	}
	list := make([]string, len(values))
	for i, value := range values {
		list[i], _ = value.(string)
	}
	return list
}

// points reads a score and returns the points it packs, 0 of "".
func (r *reply) points(score string) int {
	if score == "" {
		return 0
	}
	number, err := strconv.ParseFloat(score, 64)
	if err != nil {
		r.fail(fmt.Errorf("read a score: %w", err))
	}
	return points(number)
}

// view reads the answers that the reading scripts begin with: base, version, size.
func (r *reply) view(board leaderboard.Board) leaderboard.View {
	base, _ := strconv.ParseInt(r.text(0), 10, 64) // "" of a board never touched
	version, _ := strconv.ParseInt(r.text(1), 10, 64)
	return leaderboard.View{Board: board, Version: max(base, version), Size: r.number(2)}
}

// checked turns a failure, or the nothing that a script answers with when the
// season is not filled, into leaderboard.ErrAway.
func checked(answer any, err error) error {
	switch {
	case err != nil:
		return away(err)
	case answer == nil:
		return away(errNotFilled)
	}
	return nil
}

// decodePlace reads the answer of find.lua.
func decodePlace(board leaderboard.Board, dealerID string, answer any, err error) (leaderboard.View, error) {
	if err := checked(answer, err); err != nil {
		return leaderboard.View{}, err
	}
	r := reply{values: answer}
	view := r.view(board)
	before, score, next := r.text(3), r.text(4), r.points(r.text(7))
	if score == "" {
		view.Places = withoutRank(board, dealerID, r.text(8), before, next)
	} else {
		place := leaderboard.Place{DealerID: dealerID, Points: r.points(score), Rank: r.number(5) + 1, TiedWith: r.number(6) - 1}
		if next > 0 {
			place.ToNext = next - place.Points
		}
		move(&place, before, board)
		view.Places = []leaderboard.Place{place}
	}
	return view, r.failed()
}

// decodeRows reads the answer of read.lua; dealerID is whom it read around, if any.
func decodeRows(board leaderboard.Board, dealerID string, answer any, err error) (leaderboard.View, error) {
	if err := checked(answer, err); err != nil {
		return leaderboard.View{}, err
	}
	r := reply{values: answer}
	view := r.view(board)
	offset, above, firstTied, lastTied, next := r.number(3), r.number(4), r.number(5), r.number(6), r.points(r.text(7))
	rows, befores := r.list(8), r.list(9)
	places := make([]leaderboard.Place, len(rows)/2, len(rows)/2+1)
	tied := map[int]int{}
	for i := range places {
		p := leaderboard.Place{DealerID: rows[2*i], Points: r.points(rows[2*i+1]), Rank: offset + i + 1}
		switch {
		case i == 0:
			p.Rank = above + 1
			if above > 0 {
				p.ToNext = next - p.Points
			}
		case p.Points == places[i-1].Points:
			p.Rank, p.ToNext = places[i-1].Rank, places[i-1].ToNext
		default:
			p.ToNext = places[i-1].Points - p.Points
		}
		tied[p.Points]++
		if i < len(befores) {
			move(&p, befores[i], board)
		}
		places[i] = p
	}
	if len(places) > 0 { // the first and the last band may reach beyond the rows
		tied[places[0].Points], tied[places[len(places)-1].Points] = firstTied, lastTied
	}
	for i := range places {
		places[i].TiedWith = tied[places[i].Points] - 1
	}
	places = append(places, withoutRank(board, dealerID, r.text(10), r.text(11), r.points(r.text(12)))...)
	view.Places = places
	return view, r.failed()
}

// decodeAll reads the answer of all.lua.
func decodeAll(season leaderboard.Season, answer any, err error) (map[string]leaderboard.Total, error) {
	if err := checked(answer, err); err != nil {
		return nil, err
	}
	r := reply{values: answer}
	rows, known := r.list(0), r.list(1)
	all := make(map[string]leaderboard.Total, len(known))
	for i := range known {
		total, _ := decodeTotal(season.Key, rows[2*i], known[i])
		total.Points = r.points(rows[2*i+1])
		all[total.DealerID] = total
	}
	return all, r.failed()
}

func (r *reply) failed() error {
	if r.err != nil {
		return away(r.err)
	}
	return nil
}

// decodeTotal reads what apply.lua keeps of a dealer; ok is false of "".
func decodeTotal(season, dealerID, text string) (_ leaderboard.Total, ok bool) {
	total := leaderboard.Total{Season: season, DealerID: dealerID}
	parts := strings.Split(text, "\t")
	if len(parts) != 7 {
		return total, false
	}
	total.Seq, _ = strconv.ParseInt(parts[0], 10, 64)
	total.Points, _ = strconv.Atoi(parts[1])
	micros, _ := strconv.ParseInt(parts[3], 10, 64)
	total.ReachedAt = time.UnixMicro(micros).UTC()
	total.Region, total.Territory, total.Division = parts[4], parts[5], parts[6]
	return total, true
}

// withoutRank returns the place of a dealer whose total, as apply.lua keeps it,
// is on board without a rank, or none. last is the last place's points, 0 when
// the board is empty.
func withoutRank(board leaderboard.Board, dealerID, total, before string, last int) []leaderboard.Place {
	t, ok := decodeTotal(board.Season, dealerID, total)
	if !ok || !standsOn(t, board) {
		return nil
	}
	place := leaderboard.Place{DealerID: dealerID, Points: t.Points}
	if last > 0 {
		place.ToNext = last - t.Points
	}
	move(&place, before, board)
	return []leaderboard.Place{place}
}

func standsOn(t leaderboard.Total, board leaderboard.Board) bool {
	for _, b := range t.Boards() {
		if b.Scope == board.Scope && b.Key == board.Key {
			return true
		}
	}
	return false
}

// encodeRanks returns each ranked dealer and their ranks by board, as
// before.lua stores them: scope, key and rank of each board, separated by tabs.
func encodeRanks(totals []leaderboard.Total) []any {
	boards := map[leaderboard.Board][]leaderboard.Total{}
	for _, t := range totals {
		for _, board := range t.Boards() {
			boards[board] = append(boards[board], t)
		}
	}
	ranks := make(map[string]*strings.Builder, len(totals))
	for board, members := range boards {
		for _, place := range leaderboard.Rank(members, nil) {
			if ranks[place.DealerID] == nil {
				ranks[place.DealerID] = &strings.Builder{}
			}
			fmt.Fprintf(ranks[place.DealerID], "%s\t%s\t%d\t", board.Scope, board.Key, place.Rank)
		}
	}
	pairs := make([]any, 0, 2*len(ranks))
	for dealer, text := range ranks {
		pairs = append(pairs, dealer, text.String())
	}
	return pairs
}

// move sets what changed since the ranks that encodeRanks wrote.
func move(place *leaderboard.Place, before string, board leaderboard.Board) {
	parts := strings.Split(before, "\t")
	for i := 0; i+2 < len(parts); i += 3 {
		if parts[i] != string(board.Scope) || parts[i+1] != board.Key {
			continue
		}
		rank, err := strconv.Atoi(parts[i+2])
		if err != nil {
			return
		}
		place.HasBefore = true
		if place.Rank > 0 {
			place.Movement = rank - place.Rank
		}
	}
}
