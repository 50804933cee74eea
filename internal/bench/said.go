package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"dure/server"
)

// script is what a lender's requests said to the database.
type script struct {
	Page []statement // of a hundred contracts
	Feed []statement // a part from the beginning
}

// looked is the place of a look in a customer's access log, wherever a statement
// writes it; the place is counted up from one repeat to the next, since nobody
// looks twice at the same place.
var looked = regexp.MustCompile(`\('cus_[0-9a-z]+', (\d+)`)

// apart is by how much: more than one log grows while both sides take turns.
const apart = 1_000_000

// begun is where the feed's statement begins.
var begun = regexp.MustCompile(`\(batch, seq\) > \((\d+), (\d+)\)`)

// said repeats statements on bare connections.
type said struct {
	connections chan *pgconn.PgConn
	page        []spoken
	feed        []statement
	turn        atomic.Int64
}

// spoken is a statement that was cut where its numbers differ each time.
type spoken struct {
	statement

	parts  []string
	places []int64 // of looks; parts has one more
}

func speak(statements []statement) []spoken {
	out := make([]spoken, len(statements))
	for i, s := range statements {
		last := 0
		out[i].statement = s
		for _, at := range looked.FindAllStringSubmatchIndex(s.SQL, -1) {
			place, _ := strconv.ParseInt(s.SQL[at[2]:at[3]], 10, 64) // digits, by the pattern
			out[i].parts, out[i].places = append(out[i].parts, s.SQL[last:at[2]]), append(out[i].places, place)
			last = at[3]
		}
		out[i].parts = append(out[i].parts, s.SQL[last:])
	}
	return out
}

// moved is the statement with its places moved on.
func (s *spoken) moved(by int64) statement {
	var b strings.Builder
	for i, place := range s.places {
		b.WriteString(s.parts[i])
		b.WriteString(strconv.FormatInt(place+by, 10))
	}
	b.WriteString(s.parts[len(s.places)])
	moved := s.statement
	moved.SQL = b.String()
	return moved
}

// serveSaid is the role of the baseline of page/lender-100 and feed.
func serveSaid(ctx context.Context, arguments []string) (err error) {
	flags := flag.NewFlagSet("said", flag.ContinueOnError)
	address := flags.String("addr", "", "where to listen")
	database := flags.String("database", "", "where to say it")
	file := flags.String("script", "", "what to say")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	raw, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	var what script
	if err := json.Unmarshal(raw, &what); err != nil {
		return err
	}
	opened, err := connect(ctx, *database, pageCallers)
	defer func() { err = errors.Join(err, opened.Close(context.WithoutCancel(ctx))) }()
	if err != nil {
		return err
	}
	s := &said{connections: make(chan *pgconn.PgConn, len(opened)), page: speak(what.Page), feed: what.Feed}
	for _, c := range opened {
		s.connections <- c
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /page", answering(s.readPage))
	mux.HandleFunc("GET /feed", answering(s.readFeed))
	return server.Run(ctx, *address, mux, time.Second)
}

// answering writes what read returns as JSON.
func answering(read func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, err := read(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	}
}

// rows are what one statement returned, as text.
type rows []map[string]string

// hear says a statement and reads what it returns.
func hear(ctx context.Context, to *pgconn.PgConn, s statement) (rows, error) {
	var results []*pgconn.Result
	if s.Bound {
		results = []*pgconn.Result{to.ExecParams(ctx, s.SQL, s.Parameters, s.Types, s.Formats, nil).Read()}
	} else {
		all, err := to.Exec(ctx, s.SQL).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("%.80s: %w", s.SQL, err)
		}
		results = all
	}
	var out rows
	for _, result := range results {
		if result.Err != nil {
			return nil, fmt.Errorf("%.80s: %w", s.SQL, result.Err)
		}
		for _, cells := range result.Rows {
			row := make(map[string]string, len(cells))
			for i, cell := range cells {
				row[result.FieldDescriptions[i].Name] = string(cell)
			}
			out = append(out, row)
		}
	}
	return out, nil
}

// readPage says everything that the page said, and returns every row.
func (s *said) readPage(r *http.Request) (any, error) {
	by := s.turn.Add(1) * apart
	connection := <-s.connections
	defer func() { s.connections <- connection }()
	all := make([]rows, 0, len(s.page))
	for i := range s.page {
		answer, err := hear(r.Context(), connection, s.page[i].moved(by))
		if err != nil {
			return nil, err
		}
		all = append(all, answer)
	}
	return map[string]any{"rows": all}, nil
}

// readFeed says what a part of the feed said, from another place.
func (s *said) readFeed(r *http.Request) (any, error) {
	batch, seq, _ := strings.Cut(r.URL.Query().Get("after"), ".")
	if batch == "" {
		batch, seq = "0", "0"
	}
	place := "(batch, seq) > (" + batch + ", " + seq + ")"
	connection := <-s.connections
	defer func() { s.connections <- connection }()
	var found rows
	for _, one := range s.feed {
		asks := begun.MatchString(one.SQL)
		if asks {
			one.SQL = begun.ReplaceAllString(one.SQL, place)
		}
		answer, err := hear(r.Context(), connection, one)
		if err != nil {
			return nil, err
		}
		if asks {
			found = answer
		}
	}
	part := map[string]any{"hasMore": len(found) > feedPage, "cursor": ""}
	found = found[:min(len(found), feedPage)]
	if len(found) > 0 {
		last := found[len(found)-1]
		part["cursor"] = last["batch"] + "." + last["seq"]
	}
	part["nodes"] = found
	return map[string]any{"contractChanges": part}, nil
}
