package words

import (
	"maps"
	"strconv"
	"strings"

	"dure/domain/fault"
)

// Fault says what happened and what to do about it. A key that has no words is
// told by its code alone.
func Fault(l Language, f *fault.Fault) string {
	if f == nil {
		return Code(l, fault.Internal)
	}
	text, noun, ok := find(l, f.Key)
	if !ok {
		return Code(l, f.Code)
	}
	args := make(map[string]any, len(f.Args)+1)
	for i, arg := range f.Args {
		args[strconv.Itoa(i)] = arg
	}
	args["noun"] = noun
	return fill(l, text, args)
}

// Code says in general what a code means, for a failure that has no words of
// its own.
func Code(l Language, code fault.Code) string {
	if text, _, ok := find(l, "code."+string(code)); ok {
		return text
	}
	text, _, _ := find(l, "code."+string(fault.Internal))
	return text
}

// Explain says why an act earned what it did.
func Explain(l Language, key string, args map[string]any) string {
	text, _, ok := find(l, key)
	if !ok || !strings.HasPrefix(key, "iq.") {
		text, _, _ = find(l, "iq.unknown")
	}
	return fill(l, text, args)
}

// Step says why a step is worth taking now.
func Step(l Language, kind string, points int, args map[string]any) string {
	text, _, _ := find(l, "step."+kind)
	with := map[string]any{"points": points}
	maps.Copy(with, args)
	return fill(l, text, with)
}

// Attention says why something needs a rep. variant names words of its own for a
// case, "" for none.
func Attention(l Language, kind, variant string, args map[string]any) string {
	text, _, ok := find(l, "attention."+kind+variant)
	if !ok {
		text, _, _ = find(l, "attention."+kind)
	}
	return fill(l, text, args)
}

// Notice says what a person was told.
func Notice(l Language, kind string, facts map[string]any) string {
	text, _, _ := find(l, "notice."+kind)
	return fill(l, text, facts)
}
