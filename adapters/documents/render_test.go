package documents_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/documents"
	"dure/domain/deal"
	"dure/domain/money"
)

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// poppler runs one of poppler's tools on a document. A bare machine without them
// skips by name; where CI=true that is a failure.
func poppler(t *testing.T, tool string, document []byte, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing: install poppler-utils", tool)
		}
		t.Skipf("%s is missing: install poppler-utils", tool)
	}
	file := filepath.Join(t.TempDir(), "document.pdf")
	require.NoError(t, os.WriteFile(file, document, 0o600))
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "FILE", file)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func render(t testing.TB, p deal.ContractPaper) []byte {
	t.Helper()
	out, err := documents.New(nil, nil).Render(p)
	require.NoError(t, err)
	return out
}

func TestTheSamePaperIsTheSameBytes(t *testing.T) {
	first := render(t, samplePaper())
	for range 5 {
		require.True(t, bytes.Equal(first, render(t, samplePaper())))
	}
	other := samplePaper()
	other.Customer.Name = "이농부"
	assert.False(t, bytes.Equal(first, render(t, other)))
}

func TestTheContractReadsAsText(t *testing.T) {
	text := poppler(t, "pdftotext", render(t, samplePaper()), "-layout", "FILE", "-")
	for _, want := range []string{
		"농기계 매매계약서", "CTR-2026-000123", "2026년 3월 2일", "나주영산 대리점", "123-45-67891", "김농부", "010-5555-0101",
		"들판 50 트랙터", "38,000,000원", "금 삼천이백만원정", "32,000,000원", "부가가치세 포함", "545,753원", "3.5%", "60개월",
		"제1조 (목적물)", "금융사에 개인정보 제공 (선택)", "privacy.finance 2", "2014년식 42마력",
	} {
		assert.Contains(t, text, want)
	}
}

func TestAnEnglishContractReadsAsText(t *testing.T) {
	p := samplePaper()
	p.Language = "en"
	text := poppler(t, "pdftotext", render(t, p), "-layout", "FILE", "-")
	for _, want := range []string{"Farm machine sales contract", "2 March 2026", "KRW 32,000,000", "금 삼천이백만원정", "VAT included"} {
		assert.Contains(t, text, want)
	}
}

func TestEveryFontIsEmbedded(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(poppler(t, "pdffonts", render(t, samplePaper()), "FILE")), "\n")[2:]
	require.NotEmpty(t, rows)
	for _, row := range rows {
		columns := strings.Fields(row)
		assert.Equal(t, "yes", columns[len(columns)-5], row) // emb sub uni object id
	}
}

func TestHardTextIsRendered(t *testing.T) {
	for name, text := range map[string]string{
		"ten thousand letters with spaces": strings.Repeat("가나다라 마바사 ", 1111),
		"ten thousand letters in one word": strings.Repeat("힣", 10_000),
		"emoji":                            "👨‍🌾🚜 좋은 땅",
		"the edge of the plane":            "\U0000FFFD\U0000FFFE\U0000FFFF\U00010000\U0010FFFF",
		"control characters":               "가\x00\x1b[31m나\r\n다\t라\u202e마",
		"broken UTF-8":                     "가\xff\xfe나",
		"decomposed Hangul":                "\u1112\u1161\u11ab\u1100\u116e\u11a8",
		"PDF syntax":                       "(\\)) endstream endobj <</Type /Sig /ByteRange [0 1 2 3]>>",
	} {
		t.Run(name, func(t *testing.T) {
			p := samplePaper()
			p.Customer = deal.PaperParty{Name: text, Phone: text, Address: text}
			p.Dealer.Name, p.Remarks, p.Delivery.Place, p.TradeIn.Description = text, text, text, text
			p.Lines[0].ProductName, p.Lines[0].ModelCode, p.Lines[0].Options[0].Name = text, text, text
			p.Clauses = append(p.Clauses, deal.PaperText{Title: text, Text: text})
			out := render(t, p)
			assert.Contains(t, poppler(t, "pdfinfo", out, "FILE"), "Pages:")
		})
	}
	p := samplePaper()
	p.Remarks = "\u1112\u1161\u11ab\u1100\u116e\u11a8 농기계"
	assert.Contains(t, poppler(t, "pdftotext", render(t, p), "FILE", "-"), "한국 농기계")
}

func TestManyLinesTurnThePage(t *testing.T) {
	p := samplePaper()
	p.Lines, p.ListTotal, p.Discount, p.TradeIn = nil, 0, 0, deal.TradeIn{}
	for range 60 {
		p.Lines = append(p.Lines, deal.QuoteLine{ProductName: "들판 90 트랙터", Quantity: 100, UnitPrice: 9_999_999_999, Amount: 999_999_999_900})
		p.ListTotal += 999_999_999_900
	}
	p.Total = p.ListTotal
	text := poppler(t, "pdftotext", render(t, p), "-layout", "FILE", "-")
	assert.Equal(t, 60, strings.Count(text, "들판 90 트랙터"))
	assert.Contains(t, text, "59,999,999,994,000원")
}

func TestAPaperThatDoesNotAddUpIsRefused(t *testing.T) {
	for name, change := range map[string]func(*deal.ContractPaper){
		"another total":      func(p *deal.ContractPaper) { p.Total++ },
		"another list total": func(p *deal.ContractPaper) { p.ListTotal++; p.Total++ },
		"no lines":           func(p *deal.ContractPaper) { p.Lines = nil },
		"no customer":        func(p *deal.ContractPaper) { p.Customer.Name = "" },
		"no number":          func(p *deal.ContractPaper) { p.Number = "" },
	} {
		t.Run(name, func(t *testing.T) {
			p := samplePaper()
			change(&p)
			_, err := documents.New(nil, nil).Render(p)
			assert.Error(t, err)
		})
	}
}

func TestAmountsInWords(t *testing.T) {
	for won, want := range map[money.Won]string{
		0: "금 영원정", 1: "금 일원정", 10: "금 십원정", 11_110: "금 일만천백십원정", 10_000: "금 일만원정", 32_000_000: "금 삼천이백만원정",
		100_000_000: "금 일억원정", 100_010_001: "금 일억일만일원정", 1_234_567_890: "금 십이억삼천사백오십육만칠천팔백구십원정", money.Max: "금 일조원정",
	} {
		assert.Equal(t, want, documents.WonInWords(won))
	}
}

func BenchmarkRender(b *testing.B) {
	p := samplePaper()
	b.ReportAllocs()
	for b.Loop() {
		render(b, p)
	}
}
