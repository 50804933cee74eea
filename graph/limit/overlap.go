package limit

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// overlapSteps bounds the fields that one operation's overlap check looks at,
// and with it what fragments that spread themselves can cost. Documents within
// the default limits need a few thousand.
const overlapSteps = 50_000

// OverlappingFields is the rule "Field Selection Merging". It merges selection
// sets level by level and compares each field with the first of its response
// name, where the reference algorithm compares every pair at every level.
// Simon Adameit, "GraphQL: Overlapping fields can be merged, fast", 2018.
var OverlappingFields = core.Rule{
	Name: "OverlappingFieldsCanBeMerged",
	RuleFunc: func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnOperation(func(walker *core.Walker, op *ast.OperationDefinition) {
			m := &merger{schema: walker.Schema, report: addError, reported: make(map[string]bool)}
			root := m.collect([]ast.SelectionSet{op.SelectionSet})
			m.commonParents(root)
			m.shapes(root)
		})
	},
}

type merger struct {
	schema   *ast.Schema
	report   core.AddErrFunc
	reported map[string]bool // response names, each reported once
	steps    int
}

// group is the fields of one response name in a merged selection set.
type group struct {
	name   string
	fields []*ast.Field
}

// collect merges selection sets into groups by response name, in order. A
// fragment counts once in a merged set.
func (m *merger) collect(sets []ast.SelectionSet) []*group {
	var groups []*group
	index := make(map[string]*group)
	seen := make(map[string]bool)
	var visit func(set ast.SelectionSet)
	visit = func(set ast.SelectionSet) {
		for _, selection := range set {
			if m.exhausted() {
				return
			}
			switch selection := selection.(type) {
			case *ast.Field:
				name := selection.Alias
				if name == "" {
					name = selection.Name
				}
				g := index[name]
				if g == nil {
					g = &group{name: name}
					index[name], groups = g, append(groups, g)
				}
				g.fields = append(g.fields, selection)
			case *ast.InlineFragment:
				visit(selection.SelectionSet)
			case *ast.FragmentSpread:
				if selection.Definition != nil && !seen[selection.Name] {
					seen[selection.Name] = true
					visit(selection.Definition.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		visit(set)
	}
	return groups
}

func (m *merger) exhausted() bool {
	m.steps++
	if m.steps == overlapSteps {
		m.report(core.Message("The fields overlap in too many ways."))
	}
	return m.steps >= overlapSteps
}

// below merges what is selected of all the fields.
func (m *merger) below(fields []*ast.Field) []*group {
	var sets []ast.SelectionSet
	for _, f := range fields {
		if len(f.SelectionSet) > 0 {
			sets = append(sets, f.SelectionSet)
		}
	}
	if sets == nil {
		return nil
	}
	return m.collect(sets)
}

// shapes demands that fields of one response name have one response shape,
// whatever types they are selected on.
func (m *merger) shapes(groups []*group) {
	for _, g := range groups {
		first := typed(g.fields)
		if first == nil {
			continue
		}
		for _, f := range g.fields {
			if f.Definition == nil || !m.typesConflict(first.Definition.Type, f.Definition.Type) {
				continue
			}
			m.conflict(g.name, f, "they return conflicting types %q and %q", first.Definition.Type, f.Definition.Type)
			break
		}
		m.shapes(m.below(g.fields))
	}
}

// commonParents demands that fields of one response name that can meet in one
// object are the same field with the same arguments.
func (m *merger) commonParents(groups []*group) {
	for _, g := range groups {
		for _, fields := range byParent(g.fields) {
			first := fields[0]
			for _, f := range fields[1:] {
				if f.Name != first.Name {
					m.conflict(g.name, f, "%q and %q are different fields", first.Name, f.Name)
					break
				}
				if !sameArguments(first.Arguments, f.Arguments) {
					m.conflict(g.name, f, "they have differing arguments")
					break
				}
			}
			m.commonParents(m.below(fields))
		}
	}
}

func (m *merger) conflict(name string, f *ast.Field, format string, args ...any) {
	if m.reported[name] {
		return
	}
	m.reported[name] = true
	m.report(
		core.Message(`Fields %q conflict because `+format+
			`. Use different aliases on the fields to fetch both if this was intentional.`, append([]any{name}, args...)...),
		core.At(f.Position),
	)
}

func typed(fields []*ast.Field) *ast.Field {
	for _, f := range fields {
		if f.Definition != nil {
			return f
		}
	}
	return nil
}

// byParent splits fields by the object type they are selected on. Those
// selected on an interface or union may meet any of them.
func byParent(fields []*ast.Field) [][]*ast.Field {
	var anywhere []*ast.Field
	var parents []string
	on := make(map[string][]*ast.Field)
	for _, f := range fields {
		switch parent := f.ObjectDefinition; {
		case parent == nil: // unknown, reported elsewhere
		case parent.Kind != ast.Object:
			anywhere = append(anywhere, f)
		default:
			if on[parent.Name] == nil {
				parents = append(parents, parent.Name)
			}
			on[parent.Name] = append(on[parent.Name], f)
		}
	}
	if len(parents) == 0 {
		if len(anywhere) == 0 {
			return nil
		}
		return [][]*ast.Field{anywhere}
	}
	split := make([][]*ast.Field, 0, len(parents))
	for _, parent := range parents {
		split = append(split, slices.Concat(on[parent], anywhere))
	}
	return split
}

func (m *merger) typesConflict(a, b *ast.Type) bool {
	if a.NonNull != b.NonNull || (a.Elem == nil) != (b.Elem == nil) {
		return true
	}
	if a.Elem != nil {
		return m.typesConflict(a.Elem, b.Elem)
	}
	x, y := m.schema.Types[a.NamedType], m.schema.Types[b.NamedType]
	if x == nil || y == nil {
		return false
	}
	return (x.IsLeafType() || y.IsLeafType()) && x.Name != y.Name
}

func sameArguments(a, b ast.ArgumentList) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		y := b.ForName(x.Name)
		if y == nil || !sameValue(x.Value, y.Value) {
			return false
		}
	}
	return true
}

func sameValue(a, b *ast.Value) bool {
	if a.Kind != b.Kind || a.Raw != b.Raw || len(a.Children) != len(b.Children) {
		return false
	}
	left, right := a.Children, b.Children
	if a.Kind == ast.ObjectValue { // the order of an object's fields means nothing
		left, right = byName(left), byName(right)
	}
	for i := range left {
		if left[i].Name != right[i].Name || !sameValue(left[i].Value, right[i].Value) {
			return false
		}
	}
	return true
}

func byName(children ast.ChildValueList) ast.ChildValueList {
	sorted := slices.Clone(children)
	slices.SortStableFunc(sorted, func(a, b *ast.ChildValue) int { return strings.Compare(a.Name, b.Name) })
	return sorted
}
