package transport

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"dure/domain/fault"
	"dure/graph/limit"
)

// engine runs the operations of one persona.
type engine struct {
	*Config
	schema    *ast.Schema
	executor  *executor.Executor
	documents *memory[*document] // by their text
	persisted *memory[string]    // texts by their SHA-256
}

// document is one that came through every check that needs no variables.
type document struct {
	query *ast.QueryDocument
	plan  *limit.Plan
}

func newEngine(config *Config, schema graphql.ExecutableSchema) *engine {
	e := &engine{
		Config: config, schema: schema.Schema(), executor: executor.New(schema),
		documents: newMemory[*document](), persisted: newMemory[string](),
	}
	e.executor.SetQueryCache(alreadyRead{})
	e.executor.SetErrorPresenter(presenter(config.PresentError))
	e.executor.SetRecoverFunc(func(ctx context.Context, cause any) error { return config.panicked(ctx, "a resolver", cause) })
	for _, extension := range config.Extensions {
		e.executor.Use(extension)
	}
	for _, around := range config.Around {
		e.executor.AroundResponses(around)
	}
	return e
}

type documentKey struct{}

// alreadyRead hands the executor the document that the context holds, which the
// engine has parsed, measured and validated.
type alreadyRead struct{}

func (alreadyRead) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (alreadyRead) Add(context.Context, string, *ast.QueryDocument) {}

// operation is a request that came through every check and has not started.
type operation struct {
	engine  *engine
	ctx     context.Context //nolint:containedctx // an operation is a request in progress
	context *graphql.OperationContext
}

func (o *operation) kind() ast.Operation { return o.context.Operation.Operation }

// prepare checks everything that stands before execution.
func (e *engine) prepare(ctx context.Context, r *request) (op *operation, refused *refusal) {
	defer func() {
		if cause := recover(); cause != nil {
			op, refused = nil, &refusal{status: http.StatusInternalServerError, errors: gqlerror.List{e.panicked(ctx, "a document", cause)}}
		}
		if refused != nil {
			refused.errors = e.dispatched(ctx, refused.errors)
		}
	}()
	ctx = graphql.StartOperationTrace(ctx)
	text, refused := e.text(r)
	if refused != nil {
		return nil, refused
	}
	doc, list := e.document(ctx, text)
	if list == nil && r.hash != "" && r.query != "" {
		e.persisted.put(r.hash, text, len(text))
	}
	if list == nil {
		list = e.allowed(doc, r)
	}
	if list != nil {
		return nil, &refusal{errors: list}
	}
	ctx = context.WithValue(ctx, documentKey{}, doc.query)
	opCtx, list := e.executor.CreateOperationContext(ctx, &graphql.RawParams{
		Query: text, OperationName: r.operationName, Variables: r.variables, Extensions: r.extensions,
	})
	if len(list) > 0 {
		return nil, &refusal{errors: coded(validationFailed, list)}
	}
	opCtx.DisableIntrospection = !e.Introspection
	if v := doc.plan.Check(opCtx.Operation, opCtx.Variables); v != nil {
		return nil, &refusal{errors: gqlerror.List{tooMuch(ctx, v)}}
	}
	if list := oneStream(opCtx); list != nil {
		return nil, &refusal{errors: list}
	}
	return &operation{engine: e, ctx: ctx, context: opCtx}, nil
}

// text finds the document that r means.
func (e *engine) text(r *request) (string, *refusal) {
	if e.Documents != nil {
		text, ok := e.Documents.find(r)
		if !ok {
			return "", refuse(0, fault.Forbidden, "Only trusted documents run here, and this is none of them.")
		}
		return text, nil
	}
	switch {
	case r.documentID != "":
		return "", refuse(0, fault.NotFound, "There is no document of that id.")
	case r.hash == "":
		return r.query, nil
	case r.query == "":
		text, ok := e.persisted.get(r.hash)
		if !ok {
			return "", refuse(0, notPersisted, "PersistedQueryNotFound")
		}
		return text, nil
	case sha256Hex(r.query) != r.hash:
		return "", refuse(http.StatusBadRequest, fault.Invalid, "The query's SHA-256 is not the one that extensions.persistedQuery gives.")
	}
	return r.query, nil
}

// document parses, measures and validates text, unless that was done before.
func (e *engine) document(ctx context.Context, text string) (*document, gqlerror.List) {
	if doc, ok := e.documents.get(text); ok {
		return doc, nil
	}
	query, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, max(0, e.Limits.Tokens))
	if err != nil {
		return nil, e.unparsed(ctx, err)
	}
	if len(query.Operations) == 0 {
		return nil, gqlerror.List{problem(validationFailed, "The document has no operation.")}
	}
	plan, v := e.Limits.Plan(e.schema, query, e.Costs)
	if v != nil {
		return nil, gqlerror.List{tooMuch(ctx, v)}
	}
	if list := validator.ValidateWithRules(e.schema, query, validationRules()); len(list) > 0 {
		return nil, coded(validationFailed, list)
	}
	doc := &document{query: query, plan: plan}
	e.documents.put(text, doc, len(text))
	return doc, nil
}

func (e *engine) unparsed(ctx context.Context, err error) gqlerror.List {
	if strings.Contains(err.Error(), "exceeded token limit") {
		return gqlerror.List{overLimit(ctx, "request.too_costly", "tokens", e.Limits.Tokens, "the document has too many tokens", nil)}
	}
	if problem, ok := err.(*gqlerror.Error); ok { //nolint:errorlint // the parser wraps nothing
		return coded(parseFailed, gqlerror.List{problem})
	}
	return gqlerror.List{problem(parseFailed, "The document cannot be parsed.")}
}

// allowed finds the operation that is meant, and refuses introspection where it is off.
func (e *engine) allowed(doc *document, r *request) gqlerror.List {
	if doc.query.Operations.ForName(r.operationName) == nil {
		if r.operationName == "" {
			return gqlerror.List{problem(validationFailed, "The document has several operations: say by operationName which one is meant.")}
		}
		return gqlerror.List{problem(validationFailed, "The document has no operation of that name.")}
	}
	if f := doc.plan.Introspects; f != nil && !e.Introspection {
		return gqlerror.List{problemAt(f.Position, validationFailed, "Introspection is switched off.")}
	}
	return nil
}

// oneStream makes sure that directives left a subscription its one field.
func oneStream(opCtx *graphql.OperationContext) gqlerror.List {
	op := opCtx.Operation
	if op.Operation == ast.Subscription && len(graphql.CollectFields(opCtx, op.SelectionSet, []string{"Subscription"})) != 1 {
		return gqlerror.List{problemAt(op.Position, validationFailed, "A subscription must select one field.")}
	}
	return nil
}

// dispatched takes errors from before execution past the extensions, which count
// them, and the presenter.
func (e *engine) dispatched(ctx context.Context, list gqlerror.List) (out gqlerror.List) {
	defer func() {
		if cause := recover(); cause != nil {
			out = gqlerror.List{e.panicked(ctx, "an extension", cause)}
		}
		out = e.identified(ctx, out)
	}()
	if response := e.executor.DispatchError(ctx, list); response != nil && len(response.Errors) > 0 {
		return response.Errors
	}
	return list
}

// validationRules are those of package limit and one that gqlgen needs: it panics at
// integers that it cannot read.
func validationRules() *rules.Rules {
	set := limit.Rules()
	set.AddRule("IntegersOf64Bits", func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(_ *core.Walker, value *ast.Value) {
			if value.Kind != ast.IntValue {
				return
			}
			if _, err := strconv.ParseInt(value.Raw, 10, 64); err != nil {
				addError(core.Message("An integer has more than 64 bits."), core.At(value.Position))
			}
		})
	})
	return set
}
