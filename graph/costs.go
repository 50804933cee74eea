package graph

import "dure/graph/limit"

// Costs says which fields cost more than the rest, and how long the lists are
// that no page bounds.
var Costs = limit.Costs{
	Weights: map[string]int{
		"Mutation.signIn":        500, // a slow hash, on purpose
		"Mutation.draftContract": 500, // renders a PDF
		"Mutation.signContract":  200,
		"Mutation.proveDelivery": 200,
		"Customer.timeline":      10,
		"SharedDeal.borrower":    2, // is written down
		"Query.verifyAccessLog":  100,

		"Query.voices":                10,
		"Mutation.openCustomerLink":   100,
		"Mutation.signContractByLink": 300,
		"Query.customerContract":      20,
		"CustomerContract.recipients": 20,
		"DealerIQ.standing":           5,
		"Evidence.events":             5,
		"Leaderboard.standings":       10,
		"Query.nextSteps":             20,
		"Query.attention":             20,
		"Query.country":               20,
		"Query.dealTimeline":          5,
		"Dealer.deals":                2,
		"Query.nextBestPoints":        20,
	},
	Lists: map[string]int{
		"Query.regions":    17,
		"Region.districts": 25,
		"Query.products":   30,
		"Rulebook.rules":   20,

		"Contract.financeApplications":    3,
		"FinanceApplication.stipulations": 5,
		"FinanceApplication.conditions":   5,
		"FinanceApplication.reasons":      5,
		"Query.carriers":                  20,
		"Contract.shipments":              2,
		"Shipment.machines":               3,
		"Shipment.serialNumbers":          3,
		"Shipment.events":                 10,
		"DeliveryProof.training":          5,
		"Viewer.sessions":                 10,
		"Voice.releaseNotes":              2,
		"Idea.releaseNotes":               2,
		"Idea.history":                    4,
		"ReleaseNote.voices":              5,
		"ReleaseNote.ideas":               5,
		"Voice.answers":                   3,
		"Voice.photoUrls":                 3,
		"Contract.customerLinks":          3,
		"CustomerContract.lines":          3,
		"CustomerContract.consentTexts":   6,
		"CustomerContract.consents":       8,
		"CustomerContract.deliveries":     2,
		"CustomerDelivery.machines":       3,
		"CustomerDelivery.serialNumbers":  3,
		"CustomerDelivery.events":         10,
		"Person.sessions":                 3,
		"Viewer.passkeys":                 5,
		"NextBestPoints.steps":            5,
		"NextBestPoints.capsReached":      5,
		"Query.similarCustomers":          10,
		"Query.attention":                 20,
		"Country.regions":                 17,
	},
}
