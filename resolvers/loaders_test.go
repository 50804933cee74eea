package resolvers

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPanicInALoaderIsAFailureOfItsFields(t *testing.T) {
	var nobody *struct{ names map[string]string }
	single := one(func(context.Context, []string) (map[string]string, error) { return nobody.names, nil })
	_, err := single.Load(t.Context(), "a")
	require.ErrorContains(t, err, "panic in a loader")

	list := many(func(context.Context, []string) (map[string][]string, error) { panic("at the disco") })
	_, err = list.Load(t.Context(), "a")
	require.ErrorContains(t, err, "panic in a loader")
}

func TestAKeyWithoutRowsLoadsNothing(t *testing.T) {
	single := one(func(context.Context, []string) (map[string]string, error) { return map[string]string{"b": "B"}, nil })
	a, err := single.Load(t.Context(), "a")
	require.NoError(t, err)
	assert.Nil(t, a)

	list := many(func(context.Context, []string) (map[string][]string, error) { return nil, nil })
	rows, err := list.Load(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, []string{}, rows)

	away := one(func(context.Context, []string) (map[string]string, error) { return nil, errors.New("away") })
	_, err = away.Load(t.Context(), "a")
	assert.EqualError(t, err, "away")
}
