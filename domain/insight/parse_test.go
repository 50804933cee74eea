package insight

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/kst"
)

var now = time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)

func names() *importNames {
	gimje := &channel.Dealer{ID: "dlr_gimje", BusinessNumber: "0000000010", RegionCode: "52"}
	return &importNames{
		dealers:  map[string]*channel.Dealer{gimje.ID: gimje, gimje.BusinessNumber: gimje},
		products: map[string]string{"": "", "prd_55": "prd_55", "dr55": "prd_55", "두레55": "prd_55"},
	}
}

const header = "dealer,product,quantity,amount,sold_at,channel\n"

func parse(t *testing.T, text string) ([]saleRow, BadLines) {
	t.Helper()
	rows, err := parseSales(strings.NewReader(text), names(), now)
	var bad BadLines
	if err != nil {
		require.ErrorAs(t, err, &bad)
	}
	return rows, bad
}

func TestALineIsReadHoweverPeopleWriteIt(t *testing.T) {
	want := saleRow{
		dealer: names().dealers["dlr_gimje"], productID: "prd_55", quantity: 1, amount: 42_000_000,
		soldAt: kst.Date(2024, time.March, 2), channel: "PAPER",
	}
	for name, text := range map[string]string{
		"by id":                       header + "dlr_gimje,prd_55,1,42000000,2024-03-02,PAPER\n",
		"by number, code and commas":  header + "000-00-00010, DR55 ,1,\"42,000,000\",2024-03-02,paper",
		"with a mark and Windows'":    "\ufeff" + strings.ReplaceAll(header, "\n", "\r\n") + "0000000010,두레 55,1,42000000,2024-03-02,종이\r\n",
		"in Korean, in another order": "판매일,계약방식,금액,수량,제품,대리점,비고\n2024-03-02,종이,42000000,1,두레 55,0000000010,현금\n",
		"with empty lines between":    header + "\n\ndlr_gimje,DR55,1,42000000,2024-03-02,PAPER\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			rows, bad := parse(t, text)
			assert.Empty(t, bad)
			if assert.Len(t, rows, 1) {
				assert.Equal(t, want.content(), rows[0].content())
			}
		})
	}
	t.Run("a model that the catalogue never had", func(t *testing.T) {
		rows, bad := parse(t, header+"dlr_gimje,,1,1,2024-03-02,PAPER\n")
		assert.Empty(t, bad)
		assert.Empty(t, rows[0].productID)
	})
}

func TestEveryBadLineIsNamed(t *testing.T) {
	_, bad := parse(t, header+
		"dlr_gimje,DR55,1,1,2024-03-02,PAPER\n"+ // line 2 is good
		"dlr_iksan,DR56,0,-1,2024-02-30,FAX\n"+
		"dlr_gimje,DR55,many,1.5,2026-11-25,PAPER\n"+
		"dlr_gimje,DR55\n"+
		"\"dlr\"_gimje,DR55,1,1,2024-03-02,PAPER\n"+
		"dlr_gimje,\xb5\xce\xb7\xb9,1,1,2024-03-02,PAPER\n"+
		"dlr_gimje,DR55,1001,1000000000001,1989-12-31,PAPER\n")
	type told struct {
		line    int
		key, on string
	}
	var got []told
	for _, b := range bad {
		got = append(got, told{b.Line, b.Fault.Key, b.Fault.Field})
	}
	assert.Equal(t, []told{
		{3, "import.unknown_dealer", "dealer"},
		{3, "import.unknown_product", "product"},
		{3, "import.bad_quantity", "quantity"},
		{3, "import.bad_amount", "amount"},
		{3, "import.bad_day", "sold_at"},
		{3, "import.bad_channel", "channel"},
		{4, "import.bad_quantity", "quantity"},
		{4, "import.bad_amount", "amount"},
		{4, "import.in_future", "sold_at"},
		{5, "import.bad_quantity", "quantity"},
		{5, "import.bad_amount", "amount"},
		{5, "import.bad_day", "sold_at"},
		{5, "import.bad_channel", "channel"},
		{6, "import.bad_quotes", ""},
		{7, "import.not_utf8", ""},
		{8, "import.bad_quantity", "quantity"},
		{8, "import.bad_amount", "amount"},
		{8, "import.bad_day", "sold_at"},
	}, got)
	faults, only := fault.All(bad)
	assert.Len(t, faults, len(bad))
	assert.True(t, only)
}

func TestAFileWithoutItsColumns(t *testing.T) {
	for name, tt := range map[string]struct{ text, key string }{
		"an empty file":          {"", "import.empty"},
		"nothing but a mark":     {"\ufeff", "import.empty"},
		"no header":              {"dlr_gimje,DR55,1,1,2024-03-02,PAPER\n", "import.column_missing"},
		"one column missing":     {"dealer,product,quantity,amount,sold_at\n", "import.column_missing"},
		"a column that is twice": {"dealer,대리점,product,quantity,amount,sold_at,channel\n", "import.column_twice"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, bad := parse(t, tt.text)
			assert.Empty(t, rows)
			if assert.NotEmpty(t, bad) {
				assert.Equal(t, 1, bad[0].Line)
				assert.Equal(t, tt.key, bad[0].Fault.Key)
			}
		})
	}
}

func TestAFileThatIsTooLarge(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(header), io.LimitReader(zeros{}, 2*MaxImportBytes))
	_, err := parseSales(endless, names(), now)
	assert.ErrorIs(t, err, fault.New(fault.Limited, "import.too_large"))

	line := "dlr_gimje,DR55,1,1,2024-03-02,PAPER\n"
	_, bad := parse(t, header+strings.Repeat(line, MaxImportRows+1))
	if assert.Len(t, bad, 1) {
		assert.Equal(t, "import.too_many_rows", bad[0].Fault.Key)
		assert.Equal(t, MaxImportRows+2, bad[0].Line)
	}
}

// zeros is a file of the digit 0 without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestAReaderThatFailsIsNobodysMistake(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := parseSales(io.MultiReader(strings.NewReader(header), failing{broken}), names(), now)
	assert.ErrorIs(t, err, broken)
	_, only := fault.All(err)
	assert.False(t, only)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzParseSales(f *testing.F) {
	f.Add([]byte(header + "dlr_gimje,DR55,1,42000000,2024-03-02,PAPER\n"))
	f.Add([]byte("\ufeff판매일,계약방식,금액,수량,제품,대리점\n\"2024-03-02\",종이,\"4,2\",1,,0000000010"))
	f.Add([]byte("a\n\"\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := parseSales(bytes.NewReader(file), names(), now)
		if err != nil {
			_, only := fault.All(err)
			assert.True(t, only, "%v is no fault", err)
			assert.Empty(t, rows)
		}
		for _, r := range rows {
			assert.NotNil(t, r.dealer)
			assert.Positive(t, r.quantity)
			assert.NoError(t, r.amount.Price("amount"))
			assert.False(t, r.soldAt.After(now))
		}
	})
}
