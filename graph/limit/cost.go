package limit

import (
	"encoding/json"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	costCeiling = 1 << 40 // costs stop growing here; sizes stop at sizeCeiling, so products fit 64 bits
	sizeCeiling = 1 << 20

	introspectionWeight = 1_000 // of __schema and __type: they answer from memory, but at length
	introspectionList   = 4     // items a list of introspection is reckoned with
)

// Plan is what is known of a document once it was measured: whether it is
// within the limits, and which of its variables still decide.
type Plan struct {
	limits Limits
	costs  Costs
	schema *ast.Schema
	// fragments by name, the first of each.
	fragments  map[string]*ast.FragmentDefinition
	operations map[*ast.OperationDefinition]*bill
	// Introspects is the first use of __schema or __type, nil when there is none.
	Introspects *ast.Field
}

// bill is what one operation costs for any variables.
type bill struct {
	least, most int64
	pages       []string // variables that are page sizes
}

// Plan measures a parsed document, before validation. It returns the first
// limit that is exceeded whatever the variables are.
func (l Limits) Plan(schema *ast.Schema, doc *ast.QueryDocument, costs Costs) (*Plan, *Violation) {
	s, v := l.survey(doc)
	if v != nil {
		return nil, v
	}
	p := &Plan{
		limits: l, costs: costs, schema: schema, fragments: s.fragments,
		operations:  make(map[*ast.OperationDefinition]*bill, len(doc.Operations)),
		Introspects: s.introspects,
	}
	for _, op := range doc.Operations {
		least := p.reckoner(op, func(string) (int64, bool) { return 1, true })
		b := &bill{least: least.operation(op)}
		if v := least.violation; v != nil {
			return nil, v
		}
		b.most, b.pages = b.least, least.variables
		if len(b.pages) > 0 {
			top := int64(l.PageSize)
			if l.PageSize < 0 {
				top = sizeCeiling
			}
			b.most = p.reckoner(op, func(string) (int64, bool) { return top, true }).operation(op)
		}
		if v := p.judge(op, b.least); v != nil {
			return nil, v
		}
		p.operations[op] = b
	}
	return p, nil
}

// Check applies the limits that depend on variables: coerced values, defaults
// included. It reckons the cost anew only where variables can exceed it.
func (p *Plan) Check(op *ast.OperationDefinition, variables map[string]any) *Violation {
	b := p.operations[op]
	if b == nil || len(b.pages) == 0 {
		return nil
	}
	for _, name := range b.pages {
		if size, ok := number(variables[name]); ok && p.limits.PageSize >= 0 && size > int64(p.limits.PageSize) {
			v := exceeded("pageSize", p.limits.PageSize, "a page may not have more than %d items", p.limits.PageSize)
			v.Position = op.Position
			return v
		}
	}
	if p.limits.Cost < 0 || b.most <= int64(p.limits.Cost) {
		return nil
	}
	return p.judge(op, p.Cost(op, variables))
}

// Cost returns what the operation costs with the variables given.
func (p *Plan) Cost(op *ast.OperationDefinition, variables map[string]any) int64 {
	return p.reckoner(op, func(name string) (int64, bool) { return number(variables[name]) }).operation(op)
}

func (p *Plan) judge(op *ast.OperationDefinition, cost int64) *Violation {
	if p.limits.Cost < 0 || cost <= int64(p.limits.Cost) {
		return nil
	}
	v := exceeded("cost", p.limits.Cost, "the operation costs %d, more than %d", cost, p.limits.Cost)
	if cost >= costCeiling {
		v = exceeded("cost", p.limits.Cost, "the operation costs more than %d", p.limits.Cost)
	}
	v.Position = op.Position
	return v
}

func (p *Plan) reckoner(op *ast.OperationDefinition, variable func(string) (int64, bool)) *reckoner {
	return &reckoner{Plan: p, op: op, variable: variable, known: make(map[string]price)}
}

// price is what a selection set costs: a fixed part, and what each item of the
// lists in it costs, which the page size of the field above may multiply.
type price struct{ fixed, item int64 }

func (p price) total(items int64) int64 { return add(p.fixed, multiply(p.item, items)) }

type reckoner struct {
	*Plan
	op        *ast.OperationDefinition
	variable  func(name string) (int64, bool)
	known     map[string]price // by fragment
	variables []string
	violation *Violation
}

func (r *reckoner) operation(op *ast.OperationDefinition) int64 {
	root := r.schema.Query
	switch op.Operation {
	case ast.Mutation:
		root = r.schema.Mutation
	case ast.Subscription:
		root = r.schema.Subscription
	}
	return r.set(root, op.SelectionSet).total(int64(r.limits.DefaultList))
}

func (r *reckoner) set(parent *ast.Definition, set ast.SelectionSet) (sum price) {
	for _, selection := range set {
		var found price
		switch selection := selection.(type) {
		case *ast.Field:
			found = r.field(parent, selection)
		case *ast.InlineFragment:
			of := parent
			if selection.TypeCondition != "" {
				of = r.schema.Types[selection.TypeCondition]
			}
			found = r.set(of, selection.SelectionSet)
		case *ast.FragmentSpread:
			found = r.spread(selection.Name)
		}
		sum.fixed, sum.item = add(sum.fixed, found.fixed), add(sum.item, found.item)
	}
	return sum
}

func (r *reckoner) spread(name string) price {
	if known, ok := r.known[name]; ok {
		return known
	}
	definition := r.fragments[name]
	if definition == nil {
		return price{}
	}
	r.known[name] = price{} // the survey refused cycles; this ends one all the same
	found := r.set(r.schema.Types[definition.TypeCondition], definition.SelectionSet)
	r.known[name] = found
	return found
}

func (r *reckoner) field(parent *ast.Definition, f *ast.Field) price {
	var definition *ast.FieldDefinition
	name := ""
	switch {
	case f.Name == "__typename":
		return price{fixed: 1}
	case parent != nil:
		definition, name = parent.Fields.ForName(f.Name), parent.Name+"."+f.Name
	}
	weight := int64(1)
	if w, ok := r.costs.Weights[name]; ok {
		weight = int64(w)
	} else if f.Name == "__schema" || f.Name == "__type" {
		weight = introspectionWeight
	}
	if definition == nil { // unknown, which validation says
		return price{fixed: add(weight, r.set(nil, f.SelectionSet).total(int64(r.limits.DefaultList)))}
	}
	below := r.set(r.schema.Types[definition.Type.Name()], f.SelectionSet)
	isList := definition.Type.Elem != nil
	items := r.items(name, parent)
	size, paged := r.pageSize(definition, f)
	switch {
	case paged && isList:
		return price{fixed: add(weight, multiply(below.total(items), size))}
	case paged: // a connection: its lists are one page
		return price{fixed: add(weight, below.total(size))}
	case isList && (name == "" || r.costs.Lists[name] == 0) && !isIntrospection(parent.Name):
		return price{fixed: weight, item: below.total(items)}
	case isList:
		return price{fixed: add(weight, multiply(below.total(items), items))}
	default:
		return price{fixed: add(weight, below.total(items))}
	}
}

// items is how many items an unpaged list below or at the field is reckoned with.
func (r *reckoner) items(name string, parent *ast.Definition) int64 {
	if n, ok := r.costs.Lists[name]; ok {
		return int64(n)
	}
	if parent != nil && isIntrospection(parent.Name) {
		return introspectionList
	}
	return int64(r.limits.DefaultList)
}

// pageSize returns the page size of a field that takes first or last.
func (r *reckoner) pageSize(definition *ast.FieldDefinition, f *ast.Field) (size int64, paged bool) {
	for _, name := range [...]string{"first", "last"} {
		argument := definition.Arguments.ForName(name)
		if argument == nil {
			continue
		}
		paged = true
		if given := f.Arguments.ForName(name); given != nil && given.Value != nil {
			if n, ok := r.number(given.Value); ok {
				size = max(size, n)
				continue
			}
		}
		if n, ok := r.number(argument.DefaultValue); ok {
			size = max(size, n)
		}
	}
	if size == 0 {
		size = int64(r.limits.DefaultPage)
	}
	if r.limits.PageSize >= 0 && size > int64(r.limits.PageSize) && r.violation == nil {
		r.violation = exceeded("pageSize", r.limits.PageSize, "a page may not have more than %d items", r.limits.PageSize)
		r.violation.Position = f.Position
	}
	return min(size, sizeCeiling), paged
}

func (r *reckoner) number(value *ast.Value) (int64, bool) {
	if value == nil {
		return 0, false
	}
	if value.Kind == ast.Variable {
		if r.op.VariableDefinitions.ForName(value.Raw) == nil {
			return 0, false
		}
		r.variables = append(r.variables, value.Raw)
		return r.variable(value.Raw)
	}
	if value.Kind != ast.IntValue {
		return 0, false
	}
	n, err := strconv.ParseInt(value.Raw, 10, 64)
	if err != nil { // more digits than 64 bits hold
		return sizeCeiling, true
	}
	return max(0, n), true
}

// number reads a coerced or raw JSON number, never below zero.
func number(value any) (int64, bool) {
	switch n := value.(type) {
	case int64:
		return max(0, n), true
	case int:
		return max(0, int64(n)), true
	case float64:
		return int64(max(0, min(n, sizeCeiling))), true
	case json.Number:
		i, err := n.Int64()
		if err != nil {
			return sizeCeiling, true
		}
		return max(0, i), true
	case string: // the validator takes digits in a string for an Int
		i, err := strconv.ParseInt(n, 10, 64)
		return max(0, i), err == nil
	}
	return 0, false
}

func add(a, b int64) int64 { return min(costCeiling, a+b) }

// multiply clamps the size: callers may have switched the page limit off.
func multiply(cost, size int64) int64 {
	return min(costCeiling, min(cost, costCeiling)*min(size, sizeCeiling))
}
