package identity

import "slices"

// Action is something that a persona may be allowed to do.
type Action string

// The actions that exist. Each service method names one on its first line.
const (
	DealerRead       Action = "dealer.read"
	StaffRead        Action = "staff.read"
	CatalogueRead    Action = "catalogue.read"
	CustomerRead     Action = "customer.read"
	CustomerWrite    Action = "customer.write"
	ConsentWrite     Action = "consent.write"
	DealRead         Action = "deal.read"
	ConsultationHold Action = "consultation.hold"
	QuoteIssue       Action = "quote.issue"
	DiscountDecide   Action = "discount.decide"
	ContractDraft    Action = "contract.draft"
	ContractSign     Action = "contract.sign"
	ContractCancel   Action = "contract.cancel"
	ContractSeal     Action = "contract.seal" // the platform itself, in a job
	IQRead           Action = "iq.read"
	RulebookRead     Action = "rulebook.read"
	BoardRead        Action = "leaderboard.read"
	BannerRead       Action = "banner.read"
	AttentionRead    Action = "attention.read"
	VisitRecord      Action = "visit.record"
	CountryRead      Action = "country.read"
	NoticeRead       Action = "notice.read"
	NoticeDeliver    Action = "notice.deliver" // the platform itself
	VisitRead        Action = "visit.read"
	SalesImport      Action = "sales.import"
	ShipmentRead     Action = "shipment.read"
	ShipmentRequest  Action = "shipment.request"
	ShipmentCarry    Action = "shipment.carry" // answer an offer, report, prove
	ContractRead     Action = "contract.read"
	FinanceRead      Action = "finance.read"
	FinanceApply     Action = "finance.apply"
	FinanceDecide    Action = "finance.decide"
	SharedRead       Action = "shared.read" // what customers agreed to show a lender
	AccessRead       Action = "access.read" // who looked at a customer's data
	ClientRegister   Action = "client.register"
	PersonInvite     Action = "person.invite"
	PersonRead       Action = "person.read"
	PersonManage     Action = "person.manage"
	PersonTie        Action = "person.tie"
	PasskeyKeep      Action = "passkey.keep"
	PassSend         Action = "pass.send" // the platform itself, in a job
	LinkMake         Action = "link.make"
	LinkRead         Action = "link.read"
	LinkSend         Action = "link.send" // the platform itself, in a job
	OwnRead          Action = "own.read"  // a customer, by a link: their contract
	OwnSign          Action = "own.sign"
	OwnConsent       Action = "own.consent"
	VoiceSend        Action = "voice.send"
	VoiceRead        Action = "voice.read"
	VoiceWatch       Action = "voice.watch"
	VoiceHandle      Action = "voice.handle"   // answer, assign, mark useful, close
	VoiceEscalate    Action = "voice.escalate" // the platform itself, in a job
	IdeaRead         Action = "idea.read"
	IdeaPropose      Action = "idea.propose" // and be for others'
	IdeaDecide       Action = "idea.decide"
	NoteRead         Action = "note.read"
	NotePublish      Action = "note.publish"
	ContactWrite     Action = "contact.write" // whom letters to a partner go to
	WebhookRead      Action = "webhook.read"
	WebhookWrite     Action = "webhook.write"
	WebhookDeliver   Action = "webhook.deliver" // the platform itself, in a job
	RecordsPrune     Action = "records.prune"   // the platform itself, in a job
	SandboxUse       Action = "sandbox.use"     // in demo mode alone
)

// policy is the whole permission matrix: action × persona → reach. What is not
// listed is not allowed.
var policy = map[Action]map[Persona]Reach{
	DealerRead:       {Dealer: Everything, Rep: Everything, HQ: Everything}, // names and places; what is private has its own action
	StaffRead:        {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything},
	CatalogueRead:    {Dealer: Everything, Rep: Everything, HQ: Everything},
	CustomerRead:     {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything},
	CustomerWrite:    {Dealer: OwnDealership},
	ConsentWrite:     {Dealer: OwnDealership},
	DealRead:         {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything},
	ConsultationHold: {Dealer: OwnDealership},
	QuoteIssue:       {Dealer: OwnDealership},
	DiscountDecide:   {Rep: OwnTerritory, HQ: Everything},
	ContractDraft:    {Dealer: OwnDealership},
	ContractSign:     {Dealer: OwnDealership},
	ContractCancel:   {Dealer: OwnDealership, HQ: Everything},
	IQRead:           {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything},
	RulebookRead:     {Dealer: Everything, Rep: Everything, HQ: Everything},
	BoardRead:        {Dealer: Everything, Rep: Everything, HQ: Everything}, // a dealer sees the top and its own surroundings; see leaderboard
	BannerRead:       {Dealer: OwnDealership},
	AttentionRead:    {Rep: OwnTerritory, HQ: Everything},
	VisitRecord:      {Rep: OwnTerritory},
	CountryRead:      {HQ: Everything},
	NoticeRead:       {Dealer: Own, Rep: Own, HQ: Own},
	VisitRead:        {Rep: OwnTerritory, HQ: Everything},
	SalesImport:      {HQ: Everything},
	ShipmentRead:     {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything, Carrier: OwnOrganization},
	ShipmentRequest:  {Dealer: OwnDealership, HQ: Everything},
	ShipmentCarry:    {Carrier: OwnOrganization},
	ContractRead:     {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything, Lender: OwnOrganization},
	FinanceRead:      {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything, Lender: OwnOrganization},
	FinanceApply:     {Dealer: OwnDealership},
	FinanceDecide:    {Lender: OwnOrganization},
	SharedRead:       {Lender: OwnOrganization},
	AccessRead:       {Dealer: OwnDealership, HQ: Everything},
	ClientRegister:   {HQ: Everything},
	PersonInvite:     {Dealer: OwnDealership, HQ: Everything}, // of a dealership its owner alone; see inviting.go
	LinkMake:         {Dealer: OwnDealership},
	LinkRead:         {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything},
	OwnRead:          {Customer: OwnContract},
	OwnSign:          {Customer: OwnContract},
	OwnConsent:       {Customer: OwnContract},
	PersonRead:       {HQ: Everything},
	PersonManage:     {HQ: Everything},
	PersonTie:        {HQ: Everything},
	PasskeyKeep:      {Dealer: Own, Rep: Own, HQ: Own},
	VoiceSend:        {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything, Customer: OwnContract},
	VoiceRead:        {Dealer: OwnDealership, Rep: OwnTerritory, HQ: Everything, Customer: OwnContract},
	VoiceWatch:       {Rep: OwnTerritory, HQ: Everything},
	VoiceHandle:      {HQ: Everything},
	IdeaRead:         {Dealer: Everything, Rep: Everything, HQ: Everything},
	IdeaPropose:      {Dealer: Everything, Rep: Everything, HQ: Everything},
	IdeaDecide:       {HQ: Everything},
	NoteRead:         {Dealer: Everything, Rep: Everything, HQ: Everything},
	NotePublish:      {HQ: Everything},
	WebhookRead:      {Lender: OwnOrganization, Carrier: OwnOrganization, HQ: Everything},
	WebhookWrite:     {Lender: OwnOrganization, Carrier: OwnOrganization},
	ContactWrite:     {Lender: OwnOrganization, Carrier: OwnOrganization},
	SandboxUse:       {Lender: OwnOrganization, Carrier: OwnOrganization, HQ: Everything},
}

// Permissions lists the actions that persona may carry out, in order.
func Permissions(persona Persona) []string {
	var actions []string
	for action, reaches := range policy {
		if reaches[persona] != None {
			actions = append(actions, string(action))
		}
	}
	slices.Sort(actions)
	return actions
}
