package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"dure/graph"
	"dure/resolvers"
	"dure/server"
)

// serveStock is the role of the baseline of page and fanout: an otherwise equal
// process whose GraphQL handler and transports are gqlgen's own.
func serveStock(ctx context.Context, arguments []string) (err error) {
	flags := flag.NewFlagSet("stock", flag.ContinueOnError)
	address := flags.String("addr", "", "where to listen")
	database := flags.String("database", "", "where the truth is")
	redisURL := flags.String("redis", "", "where the boards are")
	folder := flags.String("data", "", "folder of files")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	log := slog.New(server.LogHandler(slog.NewTextHandler(os.Stderr, nil)))
	slog.SetDefault(log)
	h, err := openHouse(ctx, houseConfig{databaseURL: *database, redisURL: *redisURL, key: os.Getenv("DURE_KEY"), folder: *folder, log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	metrics := server.NewMetrics(nil)
	none := func(context.Context, string) (io.ReadCloser, error) { return nil, http.ErrNotSupported }
	return server.Run(ctx, *address, server.New(server.Deps{
		GraphQL: h.stock(server.Observer{Metrics: metrics}), Authenticate: h.authenticate, Paper: none, Package: none, Metrics: metrics, Log: log,
		Checks: []server.Check{{Name: "database", Needed: true, Ask: h.db.Ping}, {Name: "redis", Ask: h.redis.Ping}},
	}), time.Second)
}

// stock is gqlgen's handler over the same schema, resolvers, loaders and
// observer as ours, with its query cache.
func (h *house) stock(observer server.Observer) http.Handler {
	answers := &resolvers.Resolver{
		People: h.people, Channel: h.channel, Catalogue: h.catalogue, Customers: h.customers, Deals: h.deals, Lending: h.lending, IQ: h.iq, Boards: h.boards,
	}
	s := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: answers}))
	s.AddTransport(transport.Websocket{
		KeepAlivePingInterval: 25 * time.Second,
		InitFunc: func(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
			ctx, err := h.bearer(ctx, payload.Authorization())
			return ctx, nil, err
		},
	})
	s.AddTransport(transport.POST{})
	s.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	s.Use(observer)
	s.AroundResponses(answers.AroundResponse)
	s.SetErrorPresenter(graph.PresentError)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := h.bearer(r.Context(), r.Header.Get("Authorization"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		s.ServeHTTP(w, r.WithContext(ctx))
	})
}

// bearer speaks for the bearer of a header's token; for nobody without one.
func (h *house) bearer(ctx context.Context, header string) (context.Context, error) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return ctx, nil
	}
	return h.authenticate(ctx, token)
}
