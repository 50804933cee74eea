package documents

import (
	"fmt"
	"time"

	"dure/domain/money"
)

// labels are the fixed words of a paper in one language.
type labels struct {
	korean                                                           bool
	title, number, drafted                                           string
	seller, buyer, name, business, representative, phone, address    string
	product, quantity, unit, amount, options                         string
	list, discount, tradeIn, total, vat                              string
	payment, method, programme, rate, months, down, financed, month  string
	delivery, place, due, remarks, clauses, consents, required, free string
	binding                                                          string
	signing, signer, signedAt, receivedAt, device, paperHash         string
	markHash, consented, evidence, seal                              string
}

var korean = labels{
	korean: true,
	title:  "농기계 매매계약서", number: "계약번호", drafted: "작성일",
	seller: "판매자", buyer: "구매자", name: "성명", business: "사업자등록번호", representative: "담당자", phone: "연락처", address: "주소",
	product: "품목", quantity: "수량", unit: "단가", amount: "금액", options: "선택 사양",
	list: "정가 합계", discount: "할인", tradeIn: "중고 보상", total: "총 계약금액", vat: "부가가치세 포함",
	payment: "대금 지급", method: "지급 방법", programme: "금융 상품", rate: "연 이율", months: "기간", down: "계약금(선수금)", financed: "할부 원금", month: "월 납입금",
	delivery: "인도", place: "인도 장소", due: "인도 시기", remarks: "특약 사항", clauses: "계약 조항", consents: "동의 사항", required: "필수", free: "선택",
	binding: "서명은 이 파일 전체의 SHA-256 값에 결합됩니다. 한 글자라도 바뀌면 서명과 맞지 않습니다.",
	signing: "서명 확인서", signer: "서명자", signedAt: "서명 시각(기기)", receivedAt: "접수 시각(서버)", device: "서명 기기",
	paperHash: "읽고 서명한 계약서의 SHA-256", markHash: "서명 획의 SHA-256", consented: "동의한 사항", evidence: "증거 기록",
	seal: "이 면은 서명 뒤에 덧붙었습니다. 앞의 계약서는 서명자가 읽은 그대로이며, 파일 전체에 배포 기관의 전자서명이 있습니다.",
}

var english = labels{
	title: "Farm machine sales contract", number: "Contract", drafted: "Drafted",
	seller: "Seller", buyer: "Buyer", name: "Name", business: "Business number", representative: "Represented by", phone: "Phone", address: "Address",
	product: "Product", quantity: "Quantity", unit: "Unit price", amount: "Amount", options: "Options",
	list: "List price", discount: "Discount", tradeIn: "Trade-in", total: "Total price", vat: "VAT included",
	payment: "Payment", method: "Method", programme: "Finance programme", rate: "Yearly rate", months: "Term", down: "Down payment", financed: "Amount financed", month: "Monthly payment",
	delivery: "Delivery", place: "Place", due: "When", remarks: "Special terms", clauses: "Terms of sale", consents: "Consents", required: "required", free: "optional",
	binding: "A signature binds the SHA-256 of this whole file: if one letter changes, the signature no longer matches.",
	signing: "Record of signature", signer: "Signed by", signedAt: "Signed (device time)", receivedAt: "Received (server time)", device: "Device",
	paperHash: "SHA-256 of the contract that was read and signed", markHash: "SHA-256 of the signature's strokes", consented: "Consented to", evidence: "Evidence",
	seal: "This page was added after the signature. The contract before it is exactly what the signer read, and the whole file carries the deployment's digital signature.",
}

func labelsFor(language string) labels {
	if language == "en" {
		return english
	}
	return korean
}

func (l labels) won(w money.Won) string {
	if l.korean {
		return grouped(w) + "원"
	}
	return "KRW " + grouped(w)
}

func (l labels) day(t time.Time) string {
	t = t.In(seoul)
	if l.korean {
		return fmt.Sprintf("%d년 %d월 %d일", t.Year(), t.Month(), t.Day())
	}
	return t.Format("2 January 2006")
}

func (l labels) moment(t time.Time) string { return t.In(seoul).Format("2006-01-02 15:04:05 KST") }

func (l labels) term(months int) string {
	if l.korean {
		return fmt.Sprintf("%d개월", months)
	}
	return fmt.Sprintf("%d months", months)
}

// parenthesis follows a consent's title.
func (l labels) parenthesis(optional bool) string {
	if optional {
		return " (" + l.free + ")"
	}
	return " (" + l.required + ")"
}
