package iq

import (
	"time"

	"dure/domain/act"
	"dure/domain/kst"
)

// Starting returns version 1 of the rulebook: a rule for each act of the first
// deal that Sales IQ knows. What its rules ask of facts:
//
//	customer.profiled            consentRecorded bool, farmFieldsFilled number (of 8)
//	product.presented            sameDay bool: on the business day the consultation was opened;
//	                             needs number of needs recorded; watchedSeconds number
//	quote.issued, quote.revised  lines, valuePoints numbers; withinBand, priceOnly bools
//	quote.followed               withinHours number: hours since the quote, not rounded
//	contract.signed and          channel "DIGITAL" or another text; unapprovedDiscount bool
//	contract.recorded_on_paper
//	finance.decided              completeAtFirstTry bool: the lender asked for no document that was missing
//	delivery.proved              serialMatches bool: the numbers are those that were asked for;
//	                             trained bool: every item of the checklist was done
//	deal.lost                    reasonGiven bool
//	voice.sent, voice.useful     byStaff bool: somebody of the dealership sent it;
//	                             withinHours number: hours from hearing to sending, not rounded
//	all of them                  registeredDevice bool
func Starting() Rulebook {
	return Rulebook{
		Version:       1,
		EffectiveFrom: kst.Date(2020, time.January, 1),
		PublishedAt:   kst.Date(2019, time.December, 16),
		DailyCap:      60,
		SeasonShareBP: 4000,
		Rules: []Rule{
			customerProfiled(), consultationShown(), quoteValue(), quoteFollowed(), contractSigned(), dealLostReason(),
			priceOnlyQuote(), unapprovedDiscount(), financeFirstTimeRight(), deliveryProved(), voiceSent(), voiceUseful(),
		},
	}
}

func customerProfiled() Rule {
	return Rule{
		Key:         "customer.profiled",
		Character:   Right,
		Title:       "고객 정보 충실히 등록",
		TitleEn:     "Customer profiled",
		Behaviour:   "상담 전에 동의를 받고 고객의 농사 사정을 기록합니다.",
		BehaviourEn: "Ask for consent and record the customer's farm before advising.",
		Evidence:    "개인정보 동의 기록, 농장 정보 8개 항목 중 6개 이상",
		EvidenceEn:  "Consent on record and at least 6 of the 8 farm fields filled",
		Triggers:    []act.Kind{act.CustomerProfiled},
		Clauses: []Clause{
			{Fact: "consentRecorded", Op: equal, Want: true, Key: explainNoConsent},
			{Fact: "farmFieldsFilled", Op: atLeast, Want: 6, Key: explainFarmFields},
		},
		Points: 5,
		Caps:   []Cap{{Per: PerWeek, Limit: 8}, {Per: PerCustomer, Limit: 1}},
	}
}

func consultationShown() Rule {
	return Rule{
		Key:         "consultation.shown",
		Character:   Right,
		Title:       "상담 당일 제품 영상 보여 드리기",
		TitleEn:     "Product shown on the day",
		Behaviour:   "고객의 필요를 먼저 듣고, 그날 바로 작업 영상을 보여 드립니다.",
		BehaviourEn: "Listen to the customer's needs first, then show the tractor at work the same day.",
		Evidence:    "같은 날 상담 기록, 고객의 필요 1개 이상, 영상 30초 이상 시청",
		EvidenceEn:  "A same-day consultation with at least one need, and 30 seconds of video watched",
		Triggers:    []act.Kind{act.ProductPresented},
		Clauses: []Clause{
			{Fact: "sameDay", Op: equal, Want: true, Key: explainNotSameDay},
			{Fact: "needs", Op: atLeast, Want: 1, Key: explainNoNeeds},
			{Fact: "watchedSeconds", Op: atLeast, Want: 30, Key: explainVideoTooShort},
		},
		Points: 8,
		Caps:   []Cap{{Per: PerCustomerDays, Limit: 1, Days: 14}},
	}
}

func quoteValue() Rule {
	return Rule{
		Key:         "quote.value",
		Character:   Right,
		Title:       "가치를 담은 견적",
		TitleEn:     "Quote that shows value",
		Behaviour:   "가격만 깎지 않고, 제품의 장점을 담아 할인 한도 안에서 견적을 냅니다.",
		BehaviourEn: "Sell on what the tractor does for the farm, within the discount band, and not on price.",
		Evidence:    "구성을 갖춘 첫 견적, 장점 1개 이상, 할인 한도 이내",
		EvidenceEn:  "A deal's first quote, configured, with at least one value point and within the discount band",
		Triggers:    []act.Kind{act.QuoteIssued},
		Clauses: []Clause{
			{Fact: "lines", Op: atLeast, Want: 1, Key: explainQuoteEmpty},
			{Fact: "valuePoints", Op: atLeast, Want: 1, Key: explainNoValuePoints},
			{Fact: "withinBand", Op: equal, Want: true, Key: explainOutsideBand},
		},
		Points: 10,
		Caps:   []Cap{{Per: PerDeal, Limit: 1}},
	}
}

func quoteFollowed() Rule {
	return Rule{
		Key:         "quote.followed",
		Character:   Right,
		Title:       "견적 후 48시간 안에 연락",
		TitleEn:     "Quote followed up",
		Behaviour:   "견적을 드린 고객을 기다리게 하지 않습니다.",
		BehaviourEn: "Do not leave a customer waiting after a quote.",
		Evidence:    "견적을 낸 뒤 48시간 안의 연락 기록",
		EvidenceEn:  "A follow-up recorded within 48 hours of the quote",
		Triggers:    []act.Kind{act.QuoteFollowed},
		Clauses:     []Clause{{Fact: "withinHours", Op: atMost, Want: 48, Key: explainFollowedLate}},
		Points:      4,
		Caps:        []Cap{{Per: PerDeal, Limit: 3}},
	}
}

func contractSigned() Rule {
	return Rule{
		Key:           "contract.signed",
		Character:     Right,
		Title:         "태블릿 전자 계약",
		TitleEn:       "Contract signed on the tablet",
		Behaviour:     "종이 대신 태블릿으로, 고객이 읽고 서명하는 계약을 맺습니다.",
		BehaviourEn:   "Have the customer read and sign on the tablet, not on paper.",
		Evidence:      "태블릿 서명, 14일 동안 취소되지 않은 계약",
		EvidenceEn:    "A signature on the tablet, and 14 days without cancellation",
		Triggers:      []act.Kind{act.ContractSigned, act.PaperRecorded},
		Clauses:       []Clause{{Fact: "channel", Op: equal, Want: "DIGITAL", Key: explainPaper}},
		Points:        30,
		VestAfterDays: 14,
		CancelledBy:   []act.Kind{act.ContractCancelled},
		DailyExempt:   true,
	}
}

func financeFirstTimeRight() Rule {
	return Rule{
		Key:         "finance.first_time_right",
		Character:   Right,
		Title:       "한 번에 갖춘 금융 서류",
		TitleEn:     "Lender file right the first time",
		Behaviour:   "금융 서류를 처음부터 빠짐없이 갖추어 고객을 두 번 오시게 하지 않습니다.",
		BehaviourEn: "Hand in the whole file at once, so that the customer need not come twice.",
		Evidence:    "금융사가 서류를 더 달라고 하지 않은 심사 결과",
		EvidenceEn:  "A lender's decision without a request for missing documents",
		Triggers:    []act.Kind{act.FinanceDecided},
		Clauses:     []Clause{{Fact: "completeAtFirstTry", Op: equal, Want: true, Key: explainFileIncomplete}},
		Points:      6,
		Caps:        []Cap{{Per: PerDeal, Limit: 1}},
	}
}

func deliveryProved() Rule {
	return Rule{
		Key:         "delivery.proved",
		Character:   Right,
		Title:       "교육까지 마친 인도",
		TitleEn:     "Delivery proved, operator trained",
		Behaviour:   "계약한 바로 그 기계를 인도하고, 운전하실 분께 사용법을 알려 드립니다.",
		BehaviourEn: "Hand over the very machine that was sold, and train whoever will drive it.",
		Evidence:    "배송 요청에 적은 것과 같은 기계 번호, 모두 마친 교육 항목",
		EvidenceEn:  "The serial numbers that were asked for, and every item of the training done",
		Triggers:    []act.Kind{act.DeliveryProved},
		Clauses: []Clause{
			{Fact: "serialMatches", Op: equal, Want: true, Key: explainSerialUnknown},
			{Fact: "trained", Op: equal, Want: true, Key: explainNotTrained},
		},
		Points:      10,
		Caps:        []Cap{{Per: PerDeal, Limit: 1}},
		CancelledBy: []act.Kind{act.DeliveryRevoked},
	}
}

func voiceSent() Rule {
	return Rule{
		Key:         "voice.sent",
		Character:   Right,
		Title:       "하루 안에 전한 현장의 목소리",
		TitleEn:     "Voice passed on within a day",
		Behaviour:   "고객과 현장의 이야기를 수첩에 두지 않고 바로 본사에 전합니다.",
		BehaviourEn: "Pass what customers and the field say on to headquarters at once, not into a notebook.",
		Evidence:    "들은 때부터 24시간 안에 보낸 목소리",
		EvidenceEn:  "A voice sent within 24 hours of hearing it",
		Triggers:    []act.Kind{act.VoiceSent},
		Clauses: []Clause{
			{Fact: "byStaff", Op: equal, Want: true}, // a customer's own words are no behaviour of the dealer's
			{Fact: "withinHours", Op: atMost, Want: 24, Key: explainVoiceLate},
		},
		Points: 4,
		Caps:   []Cap{{Per: PerMonth, Limit: 5}},
	}
}

func voiceUseful() Rule {
	return Rule{
		Key:         "voice.useful",
		Character:   Right,
		Title:       "도움이 된 목소리",
		TitleEn:     "Voice that helped",
		Behaviour:   "제품과 일을 나아지게 하는 이야기를 전합니다.",
		BehaviourEn: "Send what makes the product and the work better.",
		Evidence:    "본사가 도움이 되었다고 표시한 목소리",
		EvidenceEn:  "A voice that headquarters marked useful",
		Triggers:    []act.Kind{act.VoiceUseful},
		Clauses:     []Clause{{Fact: "byStaff", Op: equal, Want: true}},
		Points:      4,
		Caps:        []Cap{{Per: PerMonth, Limit: 5}},
	}
}

func dealLostReason() Rule {
	return Rule{
		Key:         "deal.lost_reason",
		Character:   Right,
		Title:       "놓친 거래의 이유 기록",
		TitleEn:     "Reason for a lost deal",
		Behaviour:   "놓친 거래에서도 배울 수 있게 이유를 남깁니다.",
		BehaviourEn: "Say why a deal was lost, so that everyone can learn from it.",
		Evidence:    "거래 종료 때 고른 이유",
		EvidenceEn:  "A reason chosen when the deal is closed",
		Triggers:    []act.Kind{act.DealLost},
		Clauses:     []Clause{{Fact: "reasonGiven", Op: equal, Want: true, Key: explainNoReason}},
		Points:      3,
		Caps:        []Cap{{Per: PerDeal, Limit: 1}},
	}
}

func priceOnlyQuote() Rule {
	return Rule{
		Key:         "quote.price_only",
		Character:   Bad,
		Title:       "가격만 내세운 견적",
		TitleEn:     "Price-only quote",
		Behaviour:   "상담과 제품의 장점 없이 할인만으로 견적을 내는 일을 줄입니다.",
		BehaviourEn: "Replaces quoting on discount alone, without a consultation or a value point.",
		Evidence:    "할인 한도를 넘고, 상담이나 장점이 없는 견적",
		EvidenceEn:  "A quote beyond the region's band without a consultation or without value points",
		Triggers:    []act.Kind{act.QuoteIssued, act.QuoteRevised},
		Clauses:     []Clause{{Fact: "priceOnly", Op: equal, Want: true}},
		Points:      -5,
		FreeTimes:   1,
	}
}

func unapprovedDiscount() Rule {
	return Rule{
		Key:         "discount.unapproved",
		Character:   Bad,
		Title:       "승인 없는 할인",
		TitleEn:     "Discount without approval",
		Behaviour:   "한도를 넘는 할인은 계약 전에 승인을 받습니다.",
		BehaviourEn: "Replaces going beyond the discount band without asking first.",
		Evidence:    "승인되지 않은 할인으로 맺은 계약",
		EvidenceEn:  "A contract at a discount that nobody approved",
		Triggers:    []act.Kind{act.ContractSigned, act.PaperRecorded},
		Clauses:     []Clause{{Fact: "unapprovedDiscount", Op: equal, Want: true}},
		Points:      -10,
	}
}
