// Package server is the HTTP side of Dure: which path leads where, what every
// request passes through on its way, and how the process starts and stops
// answering. What is answered is handed in.
package server

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"

	"dure/domain/identity"
	"dure/domain/lending"
	"dure/domain/voc"
	"dure/server/provider"
)

// Open opens a file of a contract for the caller in ctx. It fails with a fault.
type Open func(ctx context.Context, contractID string) (io.ReadCloser, error)

// Deps is what the routes lead to. Only GraphQL, Authenticate, Paper and Package
// are needed.
type Deps struct {
	GraphQL http.Handler // answers /graphql over every transport

	// Authenticate returns ctx speaking for the bearer of a token. It fails with
	// fault.Unauthenticated for a bad or expired one.
	Authenticate func(ctx context.Context, token string) (context.Context, error)
	Paper        Open // the PDF that was rendered at the draft
	Package      Open // the sealed package
	Film         Open // a product's film, for anybody; nil serves none

	// Shared opens what a signed link leads to; nil: there are no such links.
	Shared func(ctx context.Context, link string) (*lending.SharedFile, error)

	Photo     Open                                                              // the picture of a delivery, by the shipment's id
	KeepPhoto func(ctx context.Context, r io.Reader) (sha256 string, err error) // keeps a picture that a proof will name

	// VoiceFile opens a photo or a recording of a voice; nil: there are none.
	VoiceFile     func(ctx context.Context, voiceID, sha256 string) (*voc.File, error)
	KeepVoiceFile func(ctx context.Context, r io.Reader) (sha256 string, err error) // keeps one that a voice will name
	KeepDocument  func(ctx context.Context, r io.Reader) (*lending.Document, error) // keeps a document that an answer will name

	// TrustedProxies are the prefixes, such as "10.0.0.0/8", of proxies whose
	// X-Forwarded-For is believed. None: the peer is the caller.
	TrustedProxies []string

	Checks     []Check                 // what /readyz asks
	Metrics    *Metrics                // made when nil
	Apps       map[string]http.Handler // built apps by name: "dealer", "rep", "hq"; "link" opens customers' links
	Fonts      fs.FS                   // the fonts that the apps share; nil without built apps
	Playground http.Handler            // nil answers 404
	Demo       *Demo                   // what the front page shows in demo mode; nil otherwise
	OpenID     http.Handler            // the provider; nil answers 404
	People     *identity.Service       // who signs in on the provider's page
	Log        *slog.Logger            // slog.Default() when nil
}

// New returns the handler of every path.
func New(d Deps) http.Handler {
	if d.Metrics == nil {
		d.Metrics = NewMetrics(nil)
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	d.Log = slog.New(LogHandler(d.Log.Handler()))
	r := chi.NewRouter()
	r.Use(identify, observe(d.Log, d.Metrics), recoverPanics(d.Log), secure, locate(d.TrustedProxies), speak, followTrace, deadlines(bodyTime, answerTime))

	r.Handle("/graphql", d.GraphQL)
	get(r, "/healthz", alive)
	get(r, "/readyz", ready(d.Log, d.Checks))
	get(r, "/metrics", d.Metrics.handler().ServeHTTP)

	p := newPages(d)
	get(r, "/", p.front)
	for _, name := range appNames {
		app := d.Apps[name]
		if app == nil {
			app = p.notBuilt(name)
		}
		r.Handle("/"+name, app)
		r.Handle("/"+name+"/*", app)
	}
	if link := d.Apps["link"]; link != nil {
		r.Handle("/c/*", link)
	} else {
		get(r, "/c/*", p.customerLink)
	}
	if d.Fonts != nil {
		get(r, "/fonts/*", builtFonts(d.Fonts))
	}
	get(r, "/favicon.svg", icon)
	get(r, "/favicon.ico", icon)
	if d.Playground != nil {
		r.Handle("/playground", d.Playground)
		r.Handle("/playground/*", d.Playground)
	}

	if d.OpenID != nil {
		for _, path := range provider.Paths {
			r.Handle(path, d.OpenID)
		}
		r.Handle(provider.PathSignIn, p.signInPage())
		if d.People != nil && d.People.Devices != nil {
			r.Handle(pathPasskey, p.passkey())
			r.Handle(pathPasskey+"/challenge", p.passkeyChallenge())
			get(r, pathPasskey+".js", passkeyScript)
		}
		if d.People != nil && d.People.Post != nil {
			r.Handle(pathForgot, p.forgotPage())
			r.Handle(PathPassword, p.passwordPage())
			get(r, PathPassword+"/set", p.passwordSet)
		}
	}

	get(r, "/files/contracts/{id}/contract.pdf", d.file(d.Paper, "application/pdf", "contract.pdf"))
	get(r, "/files/contracts/{id}/package.zip", d.file(d.Package, "application/zip", "package.zip"))
	if d.Shared != nil {
		get(r, "/files/shared/{link}", d.shared)
	}
	if d.Photo != nil {
		get(r, "/files/shipments/{id}/photo", d.file(d.Photo, "", "photo"))
		r.Post("/files/photos", d.keep(d.KeepPhoto))
	}
	if d.VoiceFile != nil {
		get(r, "/files/voices/{id}/{sha256}", d.voiceFile)
		r.Post("/files/voices", d.keep(d.KeepVoiceFile))
	}
	if d.KeepDocument != nil {
		r.Post("/files/documents", d.keepDocument)
	}
	get(r, "/media/{id}", d.film(p.notFound))

	r.NotFound(p.notFound)
	r.MethodNotAllowed(p.methodNotAllowed)
	return r
}

// get routes GET, and HEAD as net/http answers it: without a body.
func get(r chi.Router, pattern string, h http.HandlerFunc) {
	r.Get(pattern, h)
	r.Head(pattern, h)
}
