package identity_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"dure/domain/identity"
)

func TestAContextBecomesSomebodyElsesAlone(t *testing.T) {
	rep := identity.With(t.Context(), identity.Actor{UserID: "usr_rep"})
	becoming := identity.Becoming(rep)
	assert.Equal(t, "usr_rep", identity.From(becoming).UserID)

	identity.Become(becoming, identity.Actor{UserID: "usr_dealer"})
	assert.Equal(t, "usr_dealer", identity.From(becoming).UserID)
	assert.Equal(t, "usr_rep", identity.From(rep).UserID)

	identity.Become(rep, identity.Actor{UserID: "usr_dealer"})
	assert.Equal(t, "usr_rep", identity.From(rep).UserID, "only a context that was made for it")
	assert.Zero(t, identity.From(identity.Becoming(t.Context())), "nobody, until somebody signs in")
}
