package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEachPersonaHasItsOwnSchema prints schemas by the command and reads them
// by introspection: they agree, and each shows its persona's own API alone.
func TestEachPersonaHasItsOwnSchema(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	field := func(sdl, name string) bool { return strings.Contains(sdl, "\n  "+name) }
	sdls := map[string]string{}
	for _, p := range []string{"dealer", "rep", "hq", "lender", "carrier", "customer"} {
		out, err := s.dure("schema", "--demo", "--persona", p)
		require.NoError(t, err, out)
		sdls[p] = out
	}
	assert.True(t, field(sdls["dealer"], "signContract("))
	assert.False(t, field(sdls["rep"], "signContract("), "a rep does not know how to sign")
	assert.True(t, field(sdls["rep"], "decideDiscount("))
	assert.False(t, field(sdls["dealer"], "decideDiscount("), "a dealer does not know how to approve")
	assert.True(t, field(sdls["hq"], "leaderboard("))
	assert.False(t, field(sdls["lender"], "leaderboard("))
	for p, sdl := range sdls {
		assert.NotContains(t, sdl, "@persona", p)
	}
	out, err := s.dure("schema", "--persona", "farmer")
	assert.Error(t, err, out)

	for login, persona := range map[string]string{"dealer@demo.dure": "dealer", "rep@demo.dure": "rep", "hq@demo.dure": "hq"} {
		a := s.signIn(login).must(`{ __schema { queryType { fields { name } } mutationType { fields { name } } } }`, nil)
		for _, root := range []string{"queryType", "mutationType"} {
			for _, f := range a.at(t, "__schema."+root+".fields").([]any) {
				assert.True(t, field(sdls[persona], f.(object)["name"].(string)), "%s: %v", persona, f)
			}
		}
	}
}

func TestPastResultsComeInWholeOrNotAtAll(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		hq := s.signIn("hq@demo.dure")
		a := hq.must(`{ dealers(first: 1) { nodes { businessNumber } } products { modelCode } }`, nil)
		number, model := a.text(t, "dealers.nodes.0.businessNumber"), a.text(t, "products.0.modelCode")
		header := "dealer,product,quantity,amount,sold_at,channel"
		write := func(lines ...string) string {
			file := filepath.Join(t.TempDir(), "sales.csv")
			require.NoError(t, os.WriteFile(file, []byte(strings.Join(append([]string{header}, lines...), "\n")+"\n"), 0o600))
			return file
		}
		good := number + "," + model + ",1,45000000,2024-03-02,PAPER"

		out, err := s.dure("import", "sales", write(good, number+","+model+",-1,45000000,2024-03-02,PAPER", "0000000000,"+model+",1,45000000,2024-03-02,PAPER"))
		require.Error(t, err, out)
		assert.Contains(t, out, "3", "the line of each bad row")
		assert.Contains(t, out, "4")

		file := write(good, number+","+model+",2,90000000,2024-04-02,DIGITAL")
		out, err = s.dure("import", "sales", file)
		require.NoError(t, err, out)
		assert.Contains(t, out, "2")
		out, err = s.dure("import", "sales", file)
		require.NoError(t, err, out)
		assert.Regexp(t, `\b0\b`, out, "the same rows again are no new ones")
		verifyBoards(t, s)
	})
}

func TestMigratingTwiceIsOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		out, err := s.dure("migrate")
		require.NoError(t, err, out)
		s.signIn("dealer@demo.dure")
	})
}
