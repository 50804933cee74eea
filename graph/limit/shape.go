package limit

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// ceiling is where counters stop growing, so that no product of two overflows.
const ceiling = 1 << 30

// shape is what a selection set amounts to once its fragments are written out.
type shape struct {
	selections    int // fields, inline fragments and spreads, at every level
	fields        int // fields at the top level of the set
	depth         int // fields nesting, introspection apart
	introspection int // fields nesting below and including __schema or __type
}

func (s *shape) add(o shape) {
	s.selections = min(ceiling, s.selections+o.selections)
	s.fields = min(ceiling, s.fields+o.fields)
	s.depth = max(s.depth, o.depth)
	s.introspection = max(s.introspection, o.introspection)
}

// surveyor measures one document, each fragment once.
type surveyor struct {
	fragments  map[string]*ast.FragmentDefinition
	known      map[string]shape
	open       map[string]bool // being measured: meeting one again is a cycle
	cycle      *ast.FragmentSpread
	aliases    int
	directives int
	// introspects is the first use of __schema or __type.
	introspects *ast.Field
}

func newSurveyor(doc *ast.QueryDocument) *surveyor {
	s := &surveyor{
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		known:     make(map[string]shape, len(doc.Fragments)),
		open:      make(map[string]bool),
	}
	for _, f := range doc.Fragments {
		if _, twice := s.fragments[f.Name]; !twice { // the first of a name counts, as in validation
			s.fragments[f.Name] = f
		}
	}
	return s
}

func (s *surveyor) set(set ast.SelectionSet) (total shape) {
	for _, selection := range set {
		total.selections = min(ceiling, total.selections+1)
		switch selection := selection.(type) {
		case *ast.Field:
			total.add(s.field(selection))
		case *ast.InlineFragment:
			s.directives += len(selection.Directives)
			total.add(s.set(selection.SelectionSet))
		case *ast.FragmentSpread:
			s.directives += len(selection.Directives)
			total.add(s.spread(selection))
		}
	}
	return total
}

func (s *surveyor) field(f *ast.Field) shape {
	s.directives += len(f.Directives)
	if f.Alias != f.Name && f.Alias != "" {
		s.aliases++
	}
	below := s.set(f.SelectionSet)
	below.fields = 1
	if f.Name == "__schema" || f.Name == "__type" {
		if s.introspects == nil {
			s.introspects = f
		}
		below.introspection = max(below.introspection, below.depth) + 1
		below.depth = 0
		return below
	}
	if below.introspection > 0 { // not at the root: a mistake that validation names
		below.introspection++
	}
	if f.Name != "__typename" || len(f.SelectionSet) > 0 {
		below.depth++
	}
	return below
}

func (s *surveyor) spread(f *ast.FragmentSpread) shape {
	if known, ok := s.known[f.Name]; ok {
		return known
	}
	definition := s.fragments[f.Name]
	if definition == nil { // validation says so
		return shape{}
	}
	if s.open[f.Name] {
		if s.cycle == nil {
			s.cycle = f
		}
		return shape{}
	}
	s.open[f.Name] = true
	s.directives += len(definition.Directives)
	found := s.set(definition.SelectionSet)
	delete(s.open, f.Name)
	s.known[f.Name] = found
	return found
}

// survey checks every limit that depends on the document's shape alone.
func (l Limits) survey(doc *ast.QueryDocument) (*surveyor, *Violation) {
	if over(len(doc.Operations), l.Operations) {
		return nil, exceeded("operations", l.Operations, "the document has more than %d operations", l.Operations)
	}
	if over(len(doc.Fragments), l.Fragments) {
		return nil, exceeded("fragments", l.Fragments, "the document has more than %d fragments", l.Fragments)
	}
	s := newSurveyor(doc)
	total, inFragments := 0, 0
	for _, op := range doc.Operations {
		s.directives += len(op.Directives)
		for _, v := range op.VariableDefinitions {
			s.directives += len(v.Directives)
		}
		found := s.set(op.SelectionSet)
		total = min(ceiling, total+found.selections)
		if v := l.judge(op, found); v != nil {
			return s, v
		}
	}
	for _, f := range doc.Fragments { // the unused ones too: validation walks each
		inFragments = min(ceiling, inFragments+s.spread(&ast.FragmentSpread{Name: f.Name, Position: f.Position}).selections)
	}
	switch {
	case s.cycle != nil:
		v := exceeded("cycle", 0, "Cannot spread fragment %q within itself.", s.cycle.Name)
		v.Position = s.cycle.Position
		return s, v
	case over(total, l.Selections), over(inFragments/4, l.Selections): // a fragment counts in each that spreads it
		return s, exceeded("selections", l.Selections, "the document selects more than %d fields", l.Selections)
	case over(s.aliases, l.Aliases):
		return s, exceeded("aliases", l.Aliases, "the document has more than %d aliases", l.Aliases)
	case over(s.directives, l.Directives):
		return s, exceeded("directives", l.Directives, "the document has more than %d directives", l.Directives)
	}
	return s, nil
}

func (l Limits) judge(op *ast.OperationDefinition, found shape) *Violation {
	var v *Violation
	switch {
	case over(found.depth, l.Depth):
		v = exceeded("depth", l.Depth, "the operation nests deeper than %d fields", l.Depth)
	case over(found.introspection, l.IntrospectionDepth):
		v = exceeded("introspectionDepth", l.IntrospectionDepth, "the introspection nests deeper than %d fields", l.IntrospectionDepth)
	case over(found.fields, l.RootFields):
		v = exceeded("rootFields", l.RootFields, "the operation selects more than %d root fields", l.RootFields)
	default:
		return nil
	}
	v.Position = op.Position
	return v
}

// isIntrospection reports whether a field or type belongs to introspection.
func isIntrospection(name string) bool { return strings.HasPrefix(name, "__") }
