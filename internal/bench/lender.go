package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"time"

	"dure/domain/identity"
	"dure/server"
)

const (
	feedRounds = 5
	feedLength = 1500 * time.Millisecond // of each side in a round
	feedPage   = 100
)

// lenderQuery is a page of what a lender may read of its contracts: three looks
// at each are written to the customers' access logs.
const lenderQuery = `{ contracts(first: 100) {
  nodes { id number status total signedAt version shared { items dealer { name } lines { productName unitPrice } borrower { name phone } } }
  totalCount pageInfo { hasNextPage endCursor }
} }`

// feedQuery is a part of the feed, as a system reads it that only wants to know.
const feedQuery = `query ($after: String) { contractChanges(after: $after, first: 100) { cursor hasMore nodes { id kind contractId subjectId occurredAt postedAt } } }`

// pageOfLender measures the CPU that a lender's page of a hundred contracts
// costs the server. The baseline says the same SQL, taken down from one such
// page, and writes the rows.
func pageOfLender(ctx context.Context, s *stage) ([]line, error) {
	token, err := s.openLender(ctx)
	if err != nil {
		return nil, err
	}
	requests, bare := make([][]byte, pageCallers), make([][]byte, pageCallers)
	for i := range requests {
		requests[i], bare[i] = graphQL(lenderQuery, token), wire(http.MethodGet, "/page", "")
	}
	rounds, err := compare(ctx, pageRounds, pageLength, s.ours, s.said, requests, bare)
	if err != nil {
		return nil, err
	}
	return []line{newLine("page/lender-100", "us", rounds)}, nil
}

// feeding measures how many changes a second one reader is given that reads the
// feed from its beginning, a hundred at a time. The baseline says the same SQL.
func feeding(ctx context.Context, s *stage) ([]line, error) {
	token, err := s.openLender(ctx)
	if err != nil {
		return nil, err
	}
	rounds, err := alternate(feedRounds, func() (float64, error) {
		return reading(ctx, s.ours, func(after string) []byte { return feedRequest(token, after) })
	}, func() (float64, error) {
		return reading(ctx, s.said, func(after string) []byte { return wire(http.MethodGet, "/feed?after="+url.QueryEscape(after), "") })
	})
	if err != nil {
		return nil, err
	}
	return []line{newLine("feed", "changes/s", rounds)}, nil
}

func feedRequest(token, after string) []byte {
	variables := map[string]any{}
	if after != "" {
		variables["after"] = after
	}
	body, _ := json.Marshal(map[string]any{"query": feedQuery, "variables": variables}) // never fails on text
	return wire(http.MethodPost, "/graphql", string(body), "Content-Type", "application/json", "Authorization", "Bearer "+token)
}

// reading reads a feed over and over and returns how many changes a second came.
func reading(ctx context.Context, from *child, request func(after string) []byte) (_ float64, err error) {
	l, err := openLoad(ctx, from, [][]byte{nil})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	reader, began, count, after := l.connections[0], time.Now(), 0, ""
	for time.Since(began) < feedLength {
		reader.request = request(after)
		if err := reader.ask(); err != nil {
			return 0, fmt.Errorf("ask %s: %w", from.name, err)
		}
		var answer struct {
			Data struct {
				ContractChanges struct {
					Cursor  string
					HasMore bool
					Nodes   []struct{ ID string }
				}
			}
		}
		if err := json.Unmarshal(reader.body.Bytes(), &answer); err != nil {
			return 0, err
		}
		part := answer.Data.ContractChanges
		if len(part.Nodes) == 0 && after == "" {
			return 0, errors.New("the feed is empty")
		}
		count += len(part.Nodes)
		if after = part.Cursor; !part.HasMore {
			after = ""
		}
	}
	return float64(count) / time.Since(began).Seconds(), nil
}

// openLender opens the stage and the baseline for the lender with the most
// contracts, and returns a token of its system.
func (s *stage) openLender(ctx context.Context) (token string, err error) {
	if err := s.open(ctx); err != nil {
		return "", err
	}
	var most struct {
		OrganizationID string
		Contracts      int
	}
	err = s.house.rows().NewSelect().TableExpr("shares").ColumnExpr("organization_id, COUNT(*) AS contracts").
		Where("row_id = contract_id").GroupExpr("organization_id").OrderExpr("2 DESC").Limit(1).Scan(ctx, &most)
	if err == nil && most.Contracts < 100 {
		err = fmt.Errorf("the lender with the most contracts has %d", most.Contracts)
	}
	if err != nil {
		return "", err
	}
	system := identity.Actor{UserID: "cli_bench", Persona: identity.Lender, OrganizationID: most.OrganizationID}
	if token, err = (tokens{s.house.vault}).Issue(system, time.Now().Add(time.Hour)); err != nil || s.said != nil {
		return token, err
	}
	script, err := s.overhearLender(ctx, token)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(script)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(s.data("said.json"), raw, 0o600); err != nil {
		return "", err
	}
	s.said, err = s.startRole(ctx, "said", "/healthz", "-database", s.postgres.URL, "-script", s.data("said.json"))
	return token, err
}

// overhearLender asks for a page and a part of the feed through connections that
// are listened to, with nothing else speaking.
func (s *stage) overhearLender(ctx context.Context, token string) (_ script, err error) {
	config := s.houseConfig("lender", 0)
	var listening *ear
	if listening, config.databaseURL, err = listenTo(ctx, s.postgres.URL); err != nil {
		return script{}, err
	}
	h, err := openHouse(ctx, config)
	if err != nil {
		return script{}, errors.Join(err, listening.Close())
	}
	stock := h.stock(server.Observer{Metrics: server.NewMetrics(nil)})
	ask := func(query string, variables map[string]any) (said []statement, err error) {
		body, _ := json.Marshal(map[string]any{"query": query, "variables": variables}) // never fails on text
		for range 2 {                                                                   // the first time has to be over: it opens connections
			listening.forget()
			request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Authorization", "Bearer "+token)
			answer := httptest.NewRecorder()
			stock.ServeHTTP(answer, request)
			var told struct{ Errors json.RawMessage }
			if err := json.Unmarshal(answer.Body.Bytes(), &told); err != nil || told.Errors != nil {
				return nil, fmt.Errorf("overhear: %w %.300s", err, answer.Body)
			}
		}
		return listening.all(), nil
	}
	var out script
	if out.Page, err = ask(lenderQuery, nil); err == nil {
		out.Feed, err = ask(feedQuery, nil)
	}
	err = errors.Join(err, h.Close(), listening.Close())
	s.say("a lender's page says %d statements, a part of the feed %s", len(out.Page), strconv.Itoa(len(out.Feed)))
	return out, err
}
