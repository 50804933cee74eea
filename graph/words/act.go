package words

import (
	"strings"

	"dure/domain/act"
)

// details names, by kind, the facts that a timeline tells beside the act itself.
// Each is worded by "detail.<kind>.<fact>" or, for all kinds, "detail.<fact>".
var details = map[act.Kind][]string{
	act.CustomerProfiled:   {"farmFieldsFilled"},
	act.ConsultationOpened: {"needs"},
	act.ProductPresented:   {"watchedSeconds"},
	act.DealLost:           {"reason"},
	act.QuoteIssued:        {"discountBP", "waits"},
	act.QuoteRevised:       {"revision", "discountBP", "waits"},
	act.DiscountApproved:   {"discountBP"},
	act.DiscountRefused:    {"discountBP"},
	act.ContractSigned:     {"price", "discountBP"},
	act.PaperRecorded:      {"price", "discountBP"},
	act.SaleImported:       {"quantity"},
	act.ShipmentMoved:      {"status"},
	act.DeliveryProved:     {"trainingDone"},
}

// Act tells an act in one line for a timeline, such as
// "견적을 보냈어요 (할인 3.2 %)". Facts of zero are not told.
func Act(l Language, kind act.Kind, facts act.Facts) string {
	text, _, ok := find(l, "act."+string(kind)+".by_link")
	if !ok || !facts.True("byLink") {
		text, _, ok = find(l, "act."+string(kind))
	}
	if !ok {
		text, _, _ = find(l, "act.unknown")
	}
	line := fill(l, text, facts)
	var told []string
	for _, fact := range details[kind] {
		if said := detail(l, fact, facts); said != "" {
			told = append(told, said)
		}
	}
	if len(told) == 0 {
		return line
	}
	return line + " (" + strings.Join(told, ", ") + ")"
}

func detail(l Language, fact string, facts act.Facts) string {
	switch fact {
	case "reason":
		reason, _, _ := find(l, "reason."+facts.Text(fact))
		return reason
	case "status":
		step, _, _ := find(l, "detail.shipment."+facts.Text(fact))
		return step
	case "waits":
		if within, there := facts["withinBand"].(bool); !there || within {
			return ""
		}
	default:
		if facts.Number(fact) == 0 {
			return ""
		}
	}
	text, _, _ := find(l, "detail."+fact)
	return fill(l, text, facts)
}
