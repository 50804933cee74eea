package persona

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// reach finds the types that a client can come to.
type reach struct {
	types map[string]*ast.Definition
	roots []string
}

func roots(schema *ast.Schema) []string {
	var names []string
	for _, d := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		if d != nil {
			names = append(names, d.Name)
		}
	}
	for _, d := range schema.Directives {
		if d.Name == directive {
			continue
		}
		for _, a := range d.Arguments {
			names = append(names, a.Type.Name())
		}
	}
	return names
}

// walk returns the types that the roots reach through fields, arguments, input
// fields and the interfaces of objects.
func (r reach) walk() map[string]bool {
	reached := map[string]bool{}
	for _, root := range r.roots {
		r.visit(reached, root)
	}
	return reached
}

func (r reach) visit(reached map[string]bool, name string) {
	d := r.types[name]
	if d == nil || reached[name] {
		return
	}
	reached[name] = true
	for _, f := range d.Fields {
		r.visit(reached, f.Type.Name())
		for _, a := range f.Arguments {
			r.visit(reached, a.Type.Name())
		}
	}
	for _, i := range d.Interfaces {
		r.visit(reached, i)
	}
}

// abstract adds to reached the members of reached interfaces and unions that
// admit lets in, with all that they reach, until nothing is added any more.
func (r reach) abstract(reached map[string]bool, admit func(member string) bool) {
	for added := true; added; {
		added = false
		for name, d := range r.types {
			if reached[name] || !admit(name) {
				continue
			}
			if slices.ContainsFunc(d.Interfaces, func(i string) bool { return reached[i] }) || r.inUnion(reached, name) {
				r.visit(reached, name)
				added = true
			}
		}
	}
}

func (r reach) inUnion(reached map[string]bool, member string) bool {
	for name, d := range r.types {
		if d.Kind == ast.Union && reached[name] && slices.Contains(d.Types, member) {
			return true
		}
	}
	return false
}
