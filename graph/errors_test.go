package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dure/domain/fault"
	"dure/graph"
	"dure/graph/scalar"
	"dure/graph/words"
)

var (
	missing   = fault.New(fault.NotFound, "quote.not_found").On("quoteId")
	late      = fault.New(fault.Conflict, "quote.expired").On("quoteId")
	forbidden = fault.New(fault.Forbidden, "identity.not_allowed")
	nobody    = fault.New(fault.Unauthenticated, "identity.sign_in_first")
	errDisk   = errors.New("pq: relation \"customers\" does not exist")
)

func TestSplit(t *testing.T) {
	for name, tt := range map[string]struct {
		err    error
		mend   []*fault.Fault // what the caller can mend
		ours   bool           // whether the error goes on
		signIn bool           // whether a sign-in can mend it
	}{
		"nothing failed":                    {},
		"a fault":                           {err: missing, mend: []*fault.Fault{missing}},
		"a wrapped fault":                   {err: fmt.Errorf("read: %w", late), mend: []*fault.Fault{late}},
		"several at once":                   {err: errors.Join(missing, late), mend: []*fault.Fault{missing, late}},
		"one without a field":               {err: fault.New(fault.Limited, "identity.too_many_attempts", 3), mend: []*fault.Fault{fault.New(fault.Limited, "identity.too_many_attempts", 3)}},
		"a forbidden action":                {err: forbidden, ours: true},
		"a forbidden action beside a fault": {err: errors.Join(missing, forbidden), ours: true},
		"nobody is signed in":               {err: nobody, ours: true, signIn: true},
		"our own failure":                   {err: errDisk, ours: true},
		"our own failure beside a fault":    {err: errors.Join(missing, errDisk), ours: true},
		"and wrapped once more":             {err: fmt.Errorf("save: %w", errors.Join(missing, errDisk)), ours: true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, language := range words.Languages {
				got, err := graph.Split(words.With(t.Context(), language), tt.err)
				assert.NotNil(t, got, "the list is there, if empty")
				if tt.ours {
					assert.Equal(t, tt.err, err)
					assert.Empty(t, got, "what is ours is not half told")
				} else {
					assert.NoError(t, err)
				}
				require.Len(t, got, len(tt.mend))
				for i, f := range tt.mend {
					assert.Equal(t, f.Code, got[i].Code)
					assert.Equal(t, f.Key, got[i].Key)
					assert.Equal(t, words.Fault(language, f), got[i].Message)
					if f.Field == "" {
						assert.Nil(t, got[i].Field)
					} else {
						assert.Equal(t, f.Field, *got[i].Field)
					}
				}
			}
			got, err := graph.SplitSignIn(t.Context(), tt.err)
			assert.Equal(t, tt.ours && !tt.signIn, err != nil)
			assert.Equal(t, tt.signIn || len(tt.mend) > 0, len(got) > 0)
		})
	}
}

func TestEachUserErrorHasItsOwnField(t *testing.T) {
	got, err := graph.Split(t.Context(), errors.Join(missing, fault.New(fault.Invalid, "money.negative").On("discount")))
	require.NoError(t, err)
	assert.Equal(t, "quoteId", *got[0].Field)
	assert.Equal(t, "discount", *got[1].Field)
}

func TestOrNull(t *testing.T) {
	row := 7
	for name, tt := range map[string]struct {
		row  *int
		err  error
		want *int
		fail error
	}{
		"a row":                        {row: &row, want: &row},
		"nothing within reach is null": {err: missing},
		"a row beside a NOT_FOUND":     {row: &row, err: missing},
		"another fault goes on":        {err: late, fail: late},
		"our own failure goes on":      {err: errDisk, fail: errDisk},
		"a NOT_FOUND does not hide it": {err: errors.Join(missing, errDisk), fail: errors.Join(missing, errDisk)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := graph.OrNull(tt.row, tt.err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.fail, err)
		})
	}
}

// at is the context of a resolver of the root field "contract".
func at(ctx context.Context) context.Context {
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: graphql.CollectedField{Field: &ast.Field{Alias: "contract", Name: "contract"}}})
}

func logged(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func TestPresentErrorTurnsFaultsIntoWords(t *testing.T) {
	log := logged(t)
	for language, message := range map[words.Language]string{words.Ko: words.Fault(words.Ko, missing), words.En: words.Fault(words.En, missing)} {
		got := graph.PresentError(at(words.With(t.Context(), language)), fmt.Errorf("read: %w", missing))
		assert.Equal(t, &gqlerror.Error{
			Message: message, Path: ast.Path{ast.PathName("contract")},
			Extensions: map[string]any{"code": "NOT_FOUND", "key": "quote.not_found", "field": "quoteId"},
		}, got)
	}
	got := graph.PresentError(at(t.Context()), forbidden)
	assert.Equal(t, map[string]any{"code": "FORBIDDEN", "key": "identity.not_allowed"}, got.Extensions)
	assert.Empty(t, log.String(), "what people can mend is no failure of ours")
}

func TestPresentErrorTellsNothingOfWhatIsOurs(t *testing.T) {
	for name, err := range map[string]error{
		"a driver's error":              errDisk,
		"one beside a fault":            errors.Join(missing, errDisk),
		"one that gqlgen wrapped":       &gqlerror.Error{Err: errDisk, Message: errDisk.Error()},
		"one that was cut off":          context.Canceled,
		"an error of nothing but names": gqlerror.Errorf("column %s", "password_hash"),
	} {
		t.Run(name, func(t *testing.T) {
			log := logged(t)
			got := graph.PresentError(at(t.Context()), err)
			assert.Equal(t, &gqlerror.Error{
				Message: words.Code(words.Ko, fault.Internal), Path: ast.Path{ast.PathName("contract")},
				Extensions: map[string]any{"code": "INTERNAL"},
			}, got)
			assert.Equal(t, 1, strings.Count(log.String(), "\n"), "it is logged, once")
			assert.Contains(t, log.String(), "path=contract")
		})
	}
}

// An input that cannot be read is told in the caller's language, and down to
// where it stands.
func TestPresentErrorOfAnInputThatCannotBeRead(t *testing.T) {
	_, err := scalar.UnmarshalWon("many")
	var refused *gqlerror.Error
	require.ErrorAs(t, err, &refused)
	refused.Path = ast.Path{ast.PathName("issueQuote"), ast.PathName("input"), ast.PathName("discount")}
	for _, language := range words.Languages {
		got := graph.PresentError(words.With(t.Context(), language), err)
		assert.Equal(t, words.Fault(language, fault.New(fault.Invalid, "scalar.bad_won")), got.Message)
		assert.Equal(t, "issueQuote.input.discount", got.Path.String())
		assert.Equal(t, "INVALID", got.Extensions["code"])
	}
}

func TestPresentErrorLeavesWhatWasPresented(t *testing.T) {
	already := &gqlerror.Error{Message: "too many", Path: ast.Path{ast.PathName("a")}, Extensions: map[string]any{"code": "LIMITED"}}
	assert.Same(t, already, graph.PresentError(t.Context(), already))
	assert.Same(t, already, graph.PresentError(t.Context(), fmt.Errorf("x: %w", already)))
}
