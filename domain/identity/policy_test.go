package identity

import (
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// actions reads every Action of policy.go, so that none can be forgotten here.
func actions(t *testing.T) []Action {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "policy.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []Action
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Action" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			found = append(found, Action(text))
		}
		return true
	})
	require.NotEmpty(t, found)
	return found
}

var reaches = map[Reach]string{None: "-", Own: "own", OwnDealership: "dealership", OwnTerritory: "territory", OwnOrganization: "organization", OwnContract: "contract", Everything: "all"}

// TestPolicy holds who may do what against a table that people read and sign
// off: go test ./domain/identity -update writes it anew.
func TestPolicy(t *testing.T) {
	var table strings.Builder
	row := func(first string, cells []string) {
		fmt.Fprintf(&table, "%-18s", first)
		for _, cell := range cells {
			fmt.Fprintf(&table, " %-12s", cell)
		}
		table.WriteString("\n")
	}
	var head []string
	for _, p := range Personas {
		head = append(head, string(p))
	}
	row("action", head)
	for _, action := range actions(t) {
		var cells []string
		for _, p := range Personas {
			scope, err := Allow(With(t.Context(), Actor{UserID: "usr", Persona: p, DealerID: "dlr"}), action)
			if err != nil {
				assert.Equal(t, fault.Forbidden, fault.CodeOf(err))
				assert.Equal(t, Scope{}, scope, "a refused caller reaches nothing")
			}
			cells = append(cells, reaches[scope.Reach])
		}
		row(string(action), cells)
	}
	lines := strings.Split(table.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	got := strings.Join(lines, "\n")
	const golden = "testdata/policy.golden"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func TestThePolicyKnowsNoOtherActionsAndPersonas(t *testing.T) {
	known := actions(t)
	for action, byPersona := range policy {
		assert.Contains(t, known, action)
		for persona, reach := range byPersona {
			assert.Contains(t, Personas, persona)
			assert.Contains(t, reaches, reach)
		}
	}
}

func TestAllow(t *testing.T) {
	ctx := t.Context()
	dealer := Actor{UserID: "usr_1", Persona: Dealer, DealerID: "dlr_1"}
	for name, tt := range map[string]struct {
		ctx    context.Context //nolint:containedctx // what each case is about
		action Action
		want   Scope
		code   fault.Code
	}{
		"nobody":                                  {ctx, DealRead, Scope{}, fault.Unauthenticated},
		"somebody without a persona":              {With(ctx, Actor{UserID: "usr_1"}), DealRead, Scope{}, fault.Unauthenticated},
		"a dealer within the dealership":          {With(ctx, dealer), DealRead, Scope{Reach: OwnDealership, UserID: "usr_1", DealerID: "dlr_1"}, ""},
		"a dealer beyond what dealers may":        {With(ctx, dealer), SalesImport, Scope{}, fault.Forbidden},
		"a persona that does not exist":           {With(ctx, Actor{UserID: "usr_1", Persona: "ADMIN"}), DealRead, Scope{}, fault.Forbidden},
		"a persona in small letters":              {With(ctx, Actor{UserID: "usr_1", Persona: "hq"}), DealRead, Scope{}, fault.Forbidden},
		"an action that does not exist":           {With(ctx, Actor{UserID: "usr_1", Persona: HQ}), "deal.burn", Scope{}, fault.Forbidden},
		"the platform itself":                     {With(ctx, System), ContractSeal, Scope{Reach: Everything}, ""},
		"HQ may not do what is the platform's":    {With(ctx, Actor{UserID: "usr_1", Persona: HQ}), ContractSeal, Scope{}, fault.Forbidden},
		"whoever was set last speaks":             {With(With(ctx, System), dealer), SalesImport, Scope{}, fault.Forbidden},
		"the platform, even where it is nobody's": {With(ctx, System), "deal.burn", Scope{Reach: Everything}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Allow(tt.ctx, tt.action)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.code, fault.CodeOf(err))
		})
	}
}

func TestTheActorIsWhoDidIt(t *testing.T) {
	ctx := With(t.Context(), Actor{UserID: "usr_1", Persona: Dealer, DealerID: "dlr_1", DeviceID: "tablet-1"})
	assert.Equal(t, act.By{UserID: "usr_1", DealerID: "dlr_1", DeviceID: "tablet-1"}, act.ByOf(ctx))
	assert.Equal(t, Actor{}, From(t.Context()))

	_, err := Caller(t.Context())
	assert.Equal(t, fault.Unauthenticated, fault.CodeOf(err))
	who, err := Caller(ctx)
	require.NoError(t, err)
	assert.Equal(t, "usr_1", who.UserID)
	_, err = Caller(With(t.Context(), System))
	assert.NoError(t, err)
}

func TestPermissions(t *testing.T) {
	for _, p := range Personas {
		got := Permissions(p)
		assert.True(t, slices.IsSorted(got))
		for _, action := range actions(t) {
			_, err := Allow(With(t.Context(), Actor{Persona: p}), action)
			assert.Equal(t, err == nil, slices.Contains(got, string(action)), "%s %s", p, action)
		}
	}
	assert.Empty(t, Permissions("NOBODY"))
}
