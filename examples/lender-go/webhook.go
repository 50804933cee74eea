package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/Khan/genqlient/graphql"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"example.com/lender/api"
)

// endpoint has webhooks sent to an address, and prints the secret once.
func endpoint(ctx context.Context, _ settings, dure graphql.Client, args []string) error {
	flags := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	address := flags.String("url", "", "the address, https and on the open internet outside the sandbox")
	if err := flags.Parse(args); err != nil {
		return err
	}
	answer, err := api.CreateEndpoint(ctx, dure, api.CreateWebhookEndpointInput{Url: *address})
	if err != nil {
		return err
	}
	made := answer.CreateWebhookEndpoint
	if err := refusal(made.UserErrors); err != nil {
		return err
	}
	fmt.Printf("LENDER_WEBHOOK_SECRET=%s\n", *made.Secret)
	return nil
}

// receiver takes webhooks in. A message is a bell and no more: the feed tells
// what happened, in order and once. A message that comes twice, late or out of
// order therefore does no harm, and one that is lost costs half a minute.
type receiver struct {
	verifier *standardwebhooks.Webhook
	called   chan<- struct{}
}

// longest is how many bytes of a message are read.
const longest = 64 << 10

// ServeHTTP answers 204 to what Dure signed, and 401 to everything else.
func (r receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, longest))
	if err != nil {
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	}
	if err := r.verifier.Verify(body, request.Header); err != nil {
		http.Error(w, "not signed by Dure", http.StatusUnauthorized)
		return
	}
	var message struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(body, &message); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	slog.InfoContext(request.Context(), "called", "id", request.Header.Get("webhook-id"), "type", message.Type)
	select {
	case r.called <- struct{}{}:
	default: // it is about to look already
	}
	w.WriteHeader(http.StatusNoContent)
}

// listen serves the receiver until stop is called.
func listen(address, secret string, called chan<- struct{}) (stop func(), err error) {
	verifier, err := standardwebhooks.NewWebhook(secret)
	if secret == "" {
		return nil, errors.New("set LENDER_WEBHOOK_SECRET to what lender endpoint printed")
	}
	if err != nil {
		return nil, fmt.Errorf("LENDER_WEBHOOK_SECRET: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: receiver{verifier, called}, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	slog.Info("listening for webhooks", "on", listener.Addr().String())
	return func() { _ = server.Close() }, nil
}
