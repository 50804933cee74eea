package documents_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"dure/adapters/documents"
	"dure/domain/deal"
)

var drafted = time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)

func newDocuments(t testing.TB) (*documents.Documents, *documents.Signer) {
	t.Helper()
	signer, err := documents.LoadOrCreateSigner(t.TempDir(), "Dure", time.Now())
	require.NoError(t, err)
	return documents.New(signer, time.Now), signer
}

func samplePaper() deal.ContractPaper {
	return deal.ContractPaper{
		Number: "CTR-2026-000123", Language: "ko", DraftedAt: drafted,
		Dealer: deal.PaperParty{
			Name: "나주영산 대리점", BusinessNumber: "123-45-67891", Representative: "박대리", Phone: "061-555-0101",
			Address: "전라남도 나주시 영산포로 10, 농기계 종합단지 2동",
		},
		Customer: deal.PaperParty{Name: "김농부", Phone: "010-5555-0101", Address: "전라남도 나주시 산포면 들길 3-2"},
		Lines: []deal.QuoteLine{
			{
				ProductName: "들판 50 트랙터", ModelCode: "DP-50C", Horsepower: 50, Quantity: 1, UnitPrice: 31_000_000,
				Options: []deal.QuoteOption{{Name: "전면 로더", Price: 4_200_000}, {Name: "자동 조향 안내", Price: 2_800_000}}, Amount: 38_000_000,
			},
			{ProductName: "로터리 180", ModelCode: "RT-180", Quantity: 1, UnitPrice: 3_500_000, Amount: 3_500_000},
		},
		ListTotal: 41_500_000, Discount: 1_500_000,
		TradeIn: deal.TradeIn{Description: "2014년식 42마력 트랙터 (2,310시간)", Amount: 8_000_000}, Total: 32_000_000,
		Payment:  deal.PaperPayment{Method: "할부 금융", Programme: "봄맞이 60개월", RateBP: 350, Months: 60, DownPayment: 2_000_000, Financed: 30_000_000, Monthly: 545_753},
		Delivery: deal.PaperDelivery{Place: "구매자 농장 (전라남도 나주시 산포면)", Due: "2026년 3월 20일까지"},
		Clauses: []deal.PaperText{
			{Key: "object", Version: "2026-01", Title: "목적물", Text: "판매자는 위에 적은 농기계와 부속 작업기를 구매자에게 팔고, 구매자는 이를 산다. 사양은 계약일의 제품 안내서를 따른다."},
			{Key: "price", Version: "2026-01", Title: "대금", Text: "총 계약금액은 부가가치세를 포함한 금액이며, 구매자는 위에 적은 방법으로 지급한다. 판매자는 계약 뒤에 값을 올리지 못한다."},
			{Key: "handover", Version: "2026-01", Title: "인도", Text: "판매자는 인도 장소에서 시운전과 안전 교육을 마친 뒤 인도하며, 구매자는 인도받을 때 상태를 확인한다."},
			{Key: "warranty", Version: "2026-01", Title: "보증", Text: "보증 기간은 인도일부터 24개월 또는 1,000시간 가운데 먼저 이르는 때까지이며, 소모품은 제외한다."},
		},
		Consents: []deal.PaperText{
			{Key: "privacy.contract", Version: "3", Title: "계약 이행을 위한 개인정보 처리", Text: "이름, 연락처, 주소를 계약의 이행과 사후 관리를 위하여 계약 종료 뒤 5년까지 처리합니다."},
			{Key: "privacy.finance", Version: "2", Title: "금융사에 개인정보 제공", Text: "할부 심사를 위하여 계약 내용과 연락처를 선택한 금융사에 제공합니다.", Optional: true},
		},
		Remarks: "로더 버킷은 1.6m 규격으로 인도한다.",
	}
}

func sampleMark() deal.SignatureMark {
	m := deal.SignatureMark{
		Width: 600, Height: 240, SignerName: "김농부", DeviceID: "dev_tablet7",
		SignedAt: drafted.Add(42*time.Minute + 123456789*time.Nanosecond), ReceivedAt: drafted.Add(43 * time.Minute),
	}
	for _, s := range [][]float64{
		{90, 60, 150, 58, 152, 64, 130, 118},
		{200, 40, 198, 90, 202, 140},
		{120, 150, 190, 148, 196, 200},
		{280, 50, 276, 110, 330, 108},
		{300, 120, 302, 140},
		{270, 145, 340, 142},
		{305, 160, 280, 190, 320, 206, 338, 180, 305, 160},
		{400, 60, 396, 110, 460, 104},
		{430, 112, 432, 140},
		{390, 146, 470, 140},
		{408, 160, 460, 158, 456, 205},
	} {
		var stroke []deal.Point
		for i := 0; i < len(s); i += 2 {
			stroke = append(stroke, deal.Point{X: s[i] + 0.123, Y: s[i+1], T: int64(len(m.Strokes)*200 + i*9)})
		}
		m.Strokes = append(m.Strokes, stroke)
	}
	return m
}

// sampleSealed is a signed contract as the service hands it over.
func sampleSealed(t testing.TB, d *documents.Documents) deal.SealedContract {
	t.Helper()
	p := samplePaper()
	paper, err := d.Render(p)
	require.NoError(t, err)
	c := deal.SealedContract{ContractID: "ctr_0195", Number: p.Number, Language: p.Language, Paper: paper, Mark: sampleMark(), Consents: p.Consents}
	hash := sha256Of(paper)
	var last *deal.EvidenceEvent
	for _, e := range []deal.EvidenceEvent{
		{Kind: deal.EvidenceDrafted, At: drafted, ActorID: "usr_dealer", Detail: map[string]string{deal.DetailPaper: hash}},
		{Kind: deal.EvidenceRead, At: drafted.Add(20 * time.Minute), ActorID: "usr_dealer", Detail: map[string]string{deal.DetailPaper: hash}},
		{Kind: deal.EvidenceConsent, At: drafted.Add(40 * time.Minute), ActorID: "usr_dealer", Detail: map[string]string{deal.DetailConsent: "privacy.contract", deal.DetailVersion: "3"}},
		deal.SignedEvidence(c.Mark, "usr_dealer", hash),
	} {
		next := e.Follow(last)
		c.Events = append(c.Events, next)
		last = &next
	}
	return c
}
