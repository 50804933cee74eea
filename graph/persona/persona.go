// Package persona shows each persona its own API: a schema in which the fields
// of others do not exist, for validation and introspection alike. It decides
// what is known, not what is allowed: that stays with identity.Allow.
package persona

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"dure/domain/identity"
)

// directive marks the fields that only some personas know, and sandbox those
// that are there in demo mode alone.
const (
	directive = "persona"
	sandbox   = "sandbox"
)

// unserved are directives that gqlparser declares and no transport of ours
// serves; a schema that shows them would promise what nobody keeps.
var unserved = []string{"defer"}

// Prune returns the part of schema that persona knows; "" is nobody, who knows
// the fields without @persona. What is gone:
//
//   - fields whose @persona does not list the persona;
//   - types that no root reaches any more. An interface or union alone does not
//     keep a type that the persona lost every other way to, so that node(id)
//     shows nobody what was hidden from them;
//   - fields whose own type is gone, and root types without fields;
//   - the directive itself, and those that are not served.
//
// A field of an interface must carry the same @persona as the fields that
// implement it. The schema that was given is not changed; the two share what
// neither changes, such as descriptions and default values.
func Prune(schema *ast.Schema, persona identity.Persona) *ast.Schema {
	return prune(schema, func(d ast.DirectiveList) bool { return Knows(d, persona) }, directive, sandbox)
}

// WithoutSandbox returns schema as it is outside demo mode: without the fields
// that @sandbox marks. What @persona says stays.
func WithoutSandbox(schema *ast.Schema) *ast.Schema {
	return prune(schema, func(d ast.DirectiveList) bool { return d.ForName(sandbox) == nil }, sandbox)
}

// Whole returns schema with everybody's fields, without the directives that no
// client meets. It is for callers who have not said who they are: services tell
// them to sign in, where an unknown field would tell them nothing.
func Whole(schema *ast.Schema) *ast.Schema {
	return prune(schema, func(ast.DirectiveList) bool { return true }, directive, sandbox)
}

func prune(schema *ast.Schema, knows func(ast.DirectiveList) bool, marks ...string) *ast.Schema {
	p := pruning{knows: knows, marks: marks, from: schema, types: map[string]*ast.Definition{}}
	for name, d := range schema.Types {
		p.types[name] = p.definition(d)
	}
	whole := reach{types: schema.Types, roots: roots(schema)}
	everyone := whole.walk()
	for p.tidy(everyone) {
	}
	return p.schema()
}

// SDL prints schema with its descriptions, types in alphabetical order.
func SDL(schema *ast.Schema) string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema)
	return b.String()
}

// Knows reports whether persona knows a field with these directives.
func Knows(directives ast.DirectiveList, persona identity.Persona) bool {
	d := directives.ForName(directive)
	if d == nil {
		return true
	}
	personas := d.Arguments.ForName("any")
	return personas != nil && slices.ContainsFunc(personas.Value.Children, func(c *ast.ChildValue) bool {
		return c.Value.Raw == string(persona)
	})
}

type pruning struct {
	knows func(ast.DirectiveList) bool // whether a field with these directives stays
	marks []string                     // directives that are gone afterwards
	from  *ast.Schema
	types map[string]*ast.Definition // what is left
}

// definition copies d without what the persona does not know.
func (p *pruning) definition(d *ast.Definition) *ast.Definition {
	c := *d
	c.Interfaces, c.Types = slices.Clone(d.Interfaces), slices.Clone(d.Types)
	c.Fields = make(ast.FieldList, 0, len(d.Fields))
	for _, f := range d.Fields {
		if !p.knows(f.Directives) {
			continue
		}
		field := *f
		field.Directives = slices.DeleteFunc(slices.Clone(f.Directives), func(d *ast.Directive) bool { return slices.Contains(p.marks, d.Name) })
		c.Fields = append(c.Fields, &field)
	}
	return &c
}

// tidy removes types that are not reached or have nothing left, and what names
// them. It reports whether it removed anything.
func (p *pruning) tidy(everyone map[string]bool) bool {
	r := reach{types: p.types, roots: roots(p.from)}
	reached := r.walk()
	r.abstract(reached, func(member string) bool { return !everyone[member] })
	before := len(p.types)
	for name, d := range p.types {
		if !d.BuiltIn && (!reached[name] || empty(d)) {
			delete(p.types, name)
		}
	}
	if len(p.types) == before {
		return false
	}
	gone := func(name string) bool { return p.types[name] == nil }
	for _, d := range p.types {
		d.Fields = slices.DeleteFunc(d.Fields, func(f *ast.FieldDefinition) bool { return gone(f.Type.Name()) })
		d.Interfaces = slices.DeleteFunc(d.Interfaces, gone)
		if slices.ContainsFunc(d.Types, gone) {
			d.Types, d.TypePositions = slices.DeleteFunc(d.Types, gone), nil
		}
	}
	return true
}

// empty reports whether d can no longer stand in a schema. The fields of
// introspection do not count.
func empty(d *ast.Definition) bool {
	switch d.Kind {
	case ast.Object, ast.Interface, ast.InputObject:
		return !slices.ContainsFunc(d.Fields, func(f *ast.FieldDefinition) bool { return !strings.HasPrefix(f.Name, "__") })
	case ast.Union:
		return len(d.Types) == 0
	default:
		return false
	}
}

func (p *pruning) schema() *ast.Schema {
	s := &ast.Schema{
		SchemaDirectives: p.from.SchemaDirectives, Description: p.from.Description, Comment: p.from.Comment,
		Types: p.types, Directives: map[string]*ast.DirectiveDefinition{},
		PossibleTypes: p.related(p.from.PossibleTypes), Implements: p.related(p.from.Implements),
	}
	s.Query, s.Mutation, s.Subscription = p.root(p.from.Query), p.root(p.from.Mutation), p.root(p.from.Subscription)
	for name, d := range p.from.Directives {
		if !slices.Contains(p.marks, name) && !slices.Contains(unserved, name) {
			s.Directives[name] = d
		}
	}
	return s
}

func (p *pruning) root(d *ast.Definition) *ast.Definition {
	if d == nil {
		return nil
	}
	return p.types[d.Name]
}

// related copies a relation between types, with the types that are left.
func (p *pruning) related(from map[string][]*ast.Definition) map[string][]*ast.Definition {
	to := make(map[string][]*ast.Definition, len(from))
	for name, others := range from {
		if p.types[name] == nil {
			continue
		}
		for _, d := range others {
			if left := p.types[d.Name]; left != nil {
				to[name] = append(to[name], left)
			}
		}
	}
	return to
}
