package iq

// The explanations of an award, as message keys.
const (
	explainEarned         = "iq.earned"
	explainCancelled      = "iq.cancelled"
	explainNoLonger       = "iq.no_longer_counts"
	explainTooLate        = "iq.too_late"
	explainUnregistered   = "iq.unregistered_device"
	explainDailyCap       = "iq.cap_daily"
	explainDailyFull      = "iq.cap_daily_full"
	explainCustomerDays   = "iq.cap_customer_days"
	explainPaper          = "iq.paper_earns_none"
	explainNoConsent      = "iq.consent_missing"
	explainFarmFields     = "iq.farm_fields_missing"
	explainNotSameDay     = "iq.not_same_day"
	explainNoNeeds        = "iq.needs_missing"
	explainVideoTooShort  = "iq.video_too_short"
	explainQuoteEmpty     = "iq.quote_empty"
	explainNoValuePoints  = "iq.value_points_missing"
	explainOutsideBand    = "iq.outside_band"
	explainFollowedLate   = "iq.followed_too_late"
	explainNoReason       = "iq.reason_missing"
	explainFileIncomplete = "iq.file_incomplete"
	explainSerialUnknown  = "iq.serial_unknown"
	explainNotTrained     = "iq.not_trained"
	explainVoiceLate      = "iq.voice_late"
	explainPriceOnly      = "iq.price_only_review"
	explainPriceOnlyAgain = "iq.price_only_repeated"
	explainUnapproved     = "iq.discount_unapproved"
	explainBadReview      = "iq.bad_review"
	explainBad            = "iq.bad_behaviour"
)

// capKeys holds what an act past a rule's cap is told.
var capKeys = map[Period]string{
	PerDay:          "iq.cap_day",
	PerWeek:         "iq.cap_week",
	PerMonth:        "iq.cap_month",
	PerSeason:       "iq.cap_season",
	PerDeal:         "iq.cap_deal",
	PerCustomer:     "iq.cap_customer",
	PerCustomerDays: explainCustomerDays,
	PerSubject:      "iq.cap_subject",
}

// badKeys holds what Bad Behaviours that have words of their own are told: the
// free times first, then the others.
var badKeys = map[string][2]string{
	"quote.price_only":    {explainPriceOnly, explainPriceOnlyAgain},
	"discount.unapproved": {explainBadReview, explainUnapproved},
}

// ExplanationKeys holds every message key that an entry may be explained with,
// and the names of its arguments, which are numbers all of them. A clause may
// only use a key that stands here.
var ExplanationKeys = map[string][]string{
	explainEarned:         {"points"},
	explainCancelled:      {"points"}, // what it would have earned
	explainNoLonger:       nil,
	explainTooLate:        {"days", "limit"},
	explainUnregistered:   {"minutes", "limit"},
	explainDailyCap:       {"limit", "given"},
	explainDailyFull:      {"limit"},
	"iq.cap_day":          {"limit"},
	"iq.cap_week":         {"limit"},
	"iq.cap_month":        {"limit"},
	"iq.cap_season":       {"limit"},
	"iq.cap_deal":         {"limit"},
	"iq.cap_customer":     {"limit"},
	explainCustomerDays:   {"limit", "days"},
	"iq.cap_subject":      {"limit"},
	explainPaper:          nil,
	explainNoConsent:      nil,
	explainFarmFields:     {"have", "want"},
	explainNotSameDay:     nil,
	explainNoNeeds:        {"have", "want"},
	explainVideoTooShort:  {"have", "want"}, // seconds
	explainQuoteEmpty:     {"have", "want"},
	explainNoValuePoints:  {"have", "want"},
	explainOutsideBand:    nil,
	explainFollowedLate:   {"have", "want"}, // hours
	explainNoReason:       nil,
	explainFileIncomplete: nil,
	explainSerialUnknown:  nil,
	explainNotTrained:     nil,
	explainVoiceLate:      {"have", "want"}, // hours
	explainPriceOnly:      {"free"},
	explainPriceOnlyAgain: {"lost"},
	explainUnapproved:     {"lost"},
	explainBadReview:      {"free"},
	explainBad:            {"lost"},
}
