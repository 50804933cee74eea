package ids_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/adapters/ids"
	"dure/domain/fault"
	"dure/domain/work"
)

var kit = work.Kit{NewID: func(prefix string) string { return prefix + "_new" }}

func TestAnIDMadeByADevice(t *testing.T) {
	good := ids.New("con")
	for name, tt := range map[string]struct {
		given, want string
	}{
		"none is made by the server":   {"", "con_new"},
		"a device's own is taken over": {good, good},
		"another row's prefix":         {ids.New("quo"), ""},
		"no prefix":                    {good[4:], ""},
		"a UUID as it is usually read": {"con_" + uuid.Must(uuid.NewV7()).String(), ""},
		"a character short":            {good[:len(good)-1], ""},
		"a character too many":         {good + "0", ""},
		"capital letters":              {"con_" + strings.ToUpper(good[4:]), ""},
		"a letter that is not used":    {"con_" + strings.Repeat("u", 26), ""},
		"more than 128 bits":           {"con_z" + good[5:], ""},
		"all zeros":                    {"con_" + strings.Repeat("0", 26), ""},
		"Korean":                       {"con_" + strings.Repeat("가", 9)[:26], ""},
		"a million characters":         {"con_" + strings.Repeat("0", 1_000_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := kit.IDFor("con", tt.given)
			assert.Equal(t, tt.want, got)
			if tt.want != "" {
				require.NoError(t, err)
				return
			}
			faults, only := fault.All(err)
			require.True(t, only)
			assert.Equal(t, fault.Fault{Code: fault.Invalid, Key: "id.malformed", Args: []any{"con_"}, Field: "id"}, *faults[0])
		})
	}
}

func TestOnlyUUIDsOfVersionSevenAreIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u uuid.UUID
		copy(u[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
		_, err := kit.IDFor("cus", ids.Of("cus", u))
		assert.Equal(t, u.Version() == 7 && u.Variant() == uuid.RFC4122, err == nil, u)
	})
}

func TestATakenIDTellsNothingElse(t *testing.T) {
	taken, other := fault.New(fault.Conflict, "customer.taken"), errors.New("the disk is full")
	assert.Equal(t, fault.New(fault.Conflict, "id.taken").On("id"), work.IDTaken(taken, "cus_x"))
	assert.Equal(t, taken, work.IDTaken(taken, ""), "it was not the device's")
	assert.Equal(t, other, work.IDTaken(other, "cus_x"))
	assert.NoError(t, work.IDTaken(nil, "cus_x"))
}
