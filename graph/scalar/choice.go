package scalar

import (
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"dure/domain/customer"
	"dure/domain/deal"
)

var terrains = []customer.Terrain{customer.Flat, customer.Terraced, customer.Sloped, customer.Greenhouse, customer.Orchard}

// MarshalTerrain writes the lie of the land; null for "".
func MarshalTerrain(t customer.Terrain) graphql.Marshaler { return choice(t) }

// UnmarshalTerrain reads one of the enum's values; "" for null.
func UnmarshalTerrain(v any) (customer.Terrain, error) { return choose(v, terrains) }

// MarshalLostReason writes why a deal was lost; null for "".
func MarshalLostReason(reason string) graphql.Marshaler { return choice(reason) }

// UnmarshalLostReason reads one of the enum's values; "" for null.
func UnmarshalLostReason(v any) (string, error) { return choose(v, deal.LostReasons) }

func choice[T ~string](v T) graphql.Marshaler {
	if v == "" {
		return graphql.Null
	}
	return graphql.MarshalString(string(v))
}

func choose[T ~string](v any, choices []T) (T, error) {
	if v == nil {
		return "", nil
	}
	text, ok := v.(string)
	if !ok || !slices.Contains(choices, T(text)) {
		names := make([]string, len(choices))
		for i, c := range choices {
			names[i] = string(c)
		}
		return "", refuse("scalar.bad_choice", strings.Join(names, ", "))
	}
	return T(text), nil
}
