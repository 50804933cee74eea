package limit

import (
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Rules returns the validation rules of the GraphQL specification with two
// differences: no message suggests names of the schema, and overlapping fields
// are judged in linear time. It returns a fresh set at each call.
func Rules() *rules.Rules {
	set := rules.NewDefaultRules()
	for name, rule := range map[string]core.Rule{
		rules.FieldsOnCorrectTypeRule.Name:          rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:           rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:               rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:                  rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name:          rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		rules.OverlappingFieldsCanBeMergedRule.Name: OverlappingFields,
	} {
		set.RemoveRule(name)
		set.AddRule(rule.Name, rule.RuleFunc)
	}
	return set
}
