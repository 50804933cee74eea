package chain_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/chain"
)

func TestNextIsWhatItsCommentSays(t *testing.T) {
	var bytes []byte
	bytes = append(bytes, chain.Genesis...)
	for _, part := range []string{"계약", ""} {
		bytes = binary.BigEndian.AppendUint64(bytes, uint64(len(part)))
		bytes = append(bytes, part...)
	}
	sum := sha256.Sum256(bytes)
	assert.Equal(t, hex.EncodeToString(sum[:]), chain.Next(chain.Genesis, "계약", ""))
	assert.Len(t, chain.Genesis, sha256.Size*2)
}

func TestPartsDoNotRunTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few letters and short texts, so that equal joins are common.
		parts := rapid.SliceOfN(rapid.StringMatching(`[ab\x00]{0,3}`), 0, 4)
		a, b := parts.Draw(t, "a"), parts.Draw(t, "b")
		assert.Equal(t, slices.Equal(a, b), chain.Next(chain.Genesis, a...) == chain.Next(chain.Genesis, b...))
	})
}

// linked returns a chain that holds.
func linked(parts [][]string) []chain.Link {
	links := make([]chain.Link, len(parts))
	previous := chain.Genesis
	for i, p := range parts {
		previous = chain.Next(previous, p...)
		links[i] = chain.Link{Parts: p, Hash: previous}
	}
	return links
}

func TestVerify(t *testing.T) {
	whole := [][]string{{"1", "drafted"}, {"2", "read"}, {"3", "signed"}}
	require.NoError(t, chain.Verify(nil))
	require.NoError(t, chain.Verify(linked(whole)))
	for name, tt := range map[string]struct {
		damage func([]chain.Link) []chain.Link
		want   string
	}{
		"a part was changed":   {func(l []chain.Link) []chain.Link { l[1].Parts = []string{"2", "readd"}; return l }, "link 2 of 3 does not follow the one before it"},
		"a hash was changed":   {func(l []chain.Link) []chain.Link { l[2].Hash = l[1].Hash; return l }, "link 3 of 3 does not follow the one before it"},
		"the first is gone":    {func(l []chain.Link) []chain.Link { return l[1:] }, "link 1 of 2 does not follow the one before it"},
		"a middle one is gone": {func(l []chain.Link) []chain.Link { return slices.Delete(l, 1, 2) }, "link 2 of 2 does not follow the one before it"},
		"two changed places":   {func(l []chain.Link) []chain.Link { l[0], l[1] = l[1], l[0]; return l }, "link 1 of 3 does not follow the one before it"},
		"one stands twice":     {func(l []chain.Link) []chain.Link { return slices.Insert(l, 1, l[0]) }, "link 2 of 4 does not follow the one before it"},
		"a change was hashed again, but not what follows": {func(l []chain.Link) []chain.Link {
			l[0].Parts = []string{"1", "drawn"}
			l[0].Hash = chain.Next(chain.Genesis, l[0].Parts...)
			return l
		}, "link 2 of 3 does not follow the one before it"},
	} {
		t.Run(name, func(t *testing.T) { assert.EqualError(t, chain.Verify(tt.damage(linked(whole))), tt.want) })
	}
}

// Any one change to any one part is found.
func TestVerifyFindsAnyChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SliceOfN(rapid.String(), 1, 4), 1, 8).Draw(t, "parts")
		links := linked(parts)
		require.NoError(t, chain.Verify(links))
		i := rapid.IntRange(0, len(links)-1).Draw(t, "link")
		j := rapid.IntRange(0, len(parts[i])-1).Draw(t, "part")
		changed := slices.Clone(parts[i])
		changed[j] = rapid.String().Filter(func(s string) bool { return s != parts[i][j] }).Draw(t, "changed")
		links[i].Parts = changed
		assert.ErrorContains(t, chain.Verify(links), "does not follow")
	})
}
