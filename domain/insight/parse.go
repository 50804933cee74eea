package insight

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/kst"
	"dure/domain/money"
)

// The columns of a file of sales.
const (
	columnDealer   = "dealer"
	columnProduct  = "product"
	columnQuantity = "quantity"
	columnAmount   = "amount"
	columnSoldAt   = "sold_at"
	columnChannel  = "channel"
)

var saleColumns = []string{columnDealer, columnProduct, columnQuantity, columnAmount, columnSoldAt, columnChannel}

// koreanColumns are the same in Korean.
var koreanColumns = map[string]string{
	"대리점": columnDealer, "제품": columnProduct, "수량": columnQuantity, "금액": columnAmount, "판매일": columnSoldAt, "계약방식": columnChannel,
}

// importChannels are how a contract may have been made.
var importChannels = map[string]string{"DIGITAL": "DIGITAL", "PAPER": "PAPER", "전자": "DIGITAL", "종이": "PAPER"}

const maxImportQuantity = 1_000

// importBegins is the first day of which sales are believed.
var importBegins = kst.Date(1990, time.January, 1)

// importNames are the dealers and products that rows may name.
type importNames struct {
	dealers  map[string]*channel.Dealer // by id and by business number
	products map[string]string          // id by productKey of id, model code and name
}

// productKey is how products are told apart in files: without regard to case
// and space.
func productKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), ""))
}

// saleRow is a line that can be brought in.
type saleRow struct {
	dealer    *channel.Dealer
	productID string
	quantity  int
	amount    money.Won
	soldAt    time.Time
	channel   string
}

// content is what the row says, however it was written.
func (r saleRow) content() string {
	return fmt.Sprintf("%s\x1f%s\x1f%d\x1f%d\x1f%d\x1f%s", r.dealer.ID, r.productID, r.quantity, r.amount, r.soldAt.Unix(), r.channel)
}

// contentBits are bits that follow from what the nth row of its kind says.
func contentBits(content string, n int) io.Reader {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x1f%d", content, n))
	return bytes.NewReader(sum[:])
}

// parseSales reads every line. It fails with BadLines when any of them is bad.
func parseSales(file io.Reader, names *importNames, now time.Time) ([]saleRow, error) {
	size := &io.LimitedReader{R: file, N: MaxImportBytes + 1}
	text := bufio.NewReader(size)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	p := saleParser{names: names, now: now, reader: csv.NewReader(text)}
	p.reader.FieldsPerRecord, p.reader.ReuseRecord = -1, true
	if p.header() {
		for p.line() {
		}
	}
	switch {
	case p.failed != nil:
		return nil, fmt.Errorf("read sales: %w", p.failed)
	case size.N == 0:
		return nil, fault.New(fault.Limited, "import.too_large", MaxImportBytes>>20)
	case len(p.bad) > 0:
		return nil, p.bad
	}
	return p.rows, nil
}

type saleParser struct {
	names  *importNames
	now    time.Time
	reader *csv.Reader
	places map[string]int // of the columns
	rows   []saleRow
	bad    BadLines
	failed error // of the reader itself
}

func (p *saleParser) wrong(line int, f *fault.Fault) { p.bad = append(p.bad, BadLine{line, f}) }

// header finds the columns. It reports false when there is nothing to read.
func (p *saleParser) header() bool {
	cells, line, ok := p.next()
	if !ok {
		if p.failed == nil && len(p.bad) == 0 {
			p.wrong(1, fault.New(fault.Invalid, "import.empty"))
		}
		return false
	}
	p.places = map[string]int{}
	for i, cell := range cells {
		name := strings.ToLower(strings.TrimSpace(cell))
		if english, ok := koreanColumns[name]; ok {
			name = english
		}
		if _, twice := p.places[name]; twice && slices.Contains(saleColumns, name) {
			p.wrong(line, fault.New(fault.Invalid, "import.column_twice", name).On(name))
		}
		p.places[name] = i
	}
	for _, column := range saleColumns {
		if _, ok := p.places[column]; !ok {
			p.wrong(line, fault.New(fault.Invalid, "import.column_missing", column).On(column))
		}
	}
	return len(p.bad) == 0
}

// next reads a record, passing over lines that are not CSV once they are noted.
func (p *saleParser) next() (cells []string, line int, ok bool) {
	for {
		cells, err := p.reader.Read()
		if errors.Is(err, io.EOF) {
			return nil, 0, false
		}
		if broken := (*csv.ParseError)(nil); errors.As(err, &broken) {
			p.wrong(broken.Line, fault.New(fault.Invalid, "import.bad_quotes"))
			continue
		}
		if err != nil {
			p.failed = err
			return nil, 0, false
		}
		line, _ := p.reader.FieldPos(0)
		return cells, line, true
	}
}

// line reads one sale. It reports false at the end.
func (p *saleParser) line() bool {
	cells, line, ok := p.next()
	if !ok {
		return false
	}
	if len(p.rows) == MaxImportRows {
		p.wrong(line, fault.New(fault.Limited, "import.too_many_rows", MaxImportRows))
		return false
	}
	cell := func(column string) string {
		if i := p.places[column]; i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	for _, text := range cells {
		if !utf8.ValidString(text) {
			p.wrong(line, fault.New(fault.Invalid, "import.not_utf8"))
			return true
		}
	}
	before := len(p.bad)
	row := saleRow{
		dealer: p.dealer(line, cell(columnDealer)), productID: p.product(line, cell(columnProduct)),
		quantity: p.quantity(line, cell(columnQuantity)), amount: p.amount(line, cell(columnAmount)),
		soldAt: p.day(line, cell(columnSoldAt)), channel: p.channel(line, cell(columnChannel)),
	}
	if len(p.bad) == before {
		p.rows = append(p.rows, row)
	}
	return true
}

func (p *saleParser) dealer(line int, text string) *channel.Dealer {
	d, ok := p.names.dealers[text]
	if !ok {
		d, ok = p.names.dealers[strings.ReplaceAll(text, "-", "")]
	}
	if !ok {
		p.wrong(line, fault.New(fault.NotFound, "import.unknown_dealer").On(columnDealer))
	}
	return d
}

func (p *saleParser) product(line int, text string) string {
	id, ok := p.names.products[productKey(text)]
	if !ok {
		p.wrong(line, fault.New(fault.NotFound, "import.unknown_product").On(columnProduct))
	}
	return id
}

func (p *saleParser) quantity(line int, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxImportQuantity {
		p.wrong(line, fault.New(fault.Invalid, "import.bad_quantity", maxImportQuantity).On(columnQuantity))
	}
	return n
}

func (p *saleParser) amount(line int, text string) money.Won {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64)
	if err != nil || n < 0 || n > int64(money.Max) {
		p.wrong(line, fault.New(fault.Invalid, "import.bad_amount", int64(money.Max)).On(columnAmount))
	}
	return money.Won(n)
}

func (p *saleParser) day(line int, text string) time.Time {
	at, err := kst.ParseDay(text)
	switch {
	case err != nil || at.Before(importBegins):
		p.wrong(line, fault.New(fault.Invalid, "import.bad_day", importBegins.In(kst.Zone).Format("2006")).On(columnSoldAt))
	case at.After(p.now):
		p.wrong(line, fault.New(fault.Invalid, "import.in_future").On(columnSoldAt))
	}
	return at
}

func (p *saleParser) channel(line int, text string) string {
	c, ok := importChannels[strings.ToUpper(text)]
	if !ok {
		p.wrong(line, fault.New(fault.Invalid, "import.bad_channel").On(columnChannel))
	}
	return c
}
