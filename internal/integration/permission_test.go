package integration_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/domain/act"
	"dure/domain/agenda"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/inbox"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/lending"
	"dure/domain/link"
	"dure/domain/logistics"
	"dure/domain/sandbox"
	"dure/domain/voc"
	"dure/domain/webhook"
	"dure/domain/work"
)

// method is a method of a service, and the personas that may call it.
type method struct {
	call    func(ctx context.Context) error
	forWhom []identity.Persona
}

// Who may call a method.
var (
	theChannel = []identity.Persona{identity.Dealer, identity.Rep, identity.HQ}
	theDealer  = []identity.Persona{identity.Dealer}
	deciders   = []identity.Persona{identity.Rep, identity.HQ}
	cancellers = []identity.Persona{identity.Dealer, identity.HQ}
	theCarrier = []identity.Persona{identity.Carrier}
	theWay     = []identity.Persona{identity.Dealer, identity.Rep, identity.HQ, identity.Carrier}
	theLender  = []identity.Persona{identity.Lender}
	theFile    = []identity.Persona{identity.Dealer, identity.Rep, identity.HQ, identity.Lender}
	theOwner   = []identity.Persona{identity.Customer}
	speakers   = []identity.Persona{identity.Dealer, identity.Rep, identity.HQ, identity.Customer}
	theHQ      = []identity.Persona{identity.HQ}
	signedIn   = identity.Personas
	theSystem  []identity.Persona
)

// failed drops what a call answers and keeps how it failed.
func failed[T any](_ T, err error) error { return err }

// methods are all that a caller can reach, by service and name.
func (w *world) methods() map[string]method {
	all := map[string]method{}
	for _, of := range []map[string]method{w.dealMethods(), w.customerMethods(), w.readMethods(), w.boardMethods(), w.shipmentMethods(), w.lendingMethods(), w.webhookMethods(), w.linkMethods(), w.vocMethods(), w.inboxMethods()} {
		for name, m := range of {
			all[name] = m
		}
	}
	return all
}

func (w *world) dealMethods() map[string]method {
	s, ids := w.deals, []string{"x"}
	type c = context.Context
	return map[string]method{
		"deal.OpenConsultation":    {func(ctx c) error { return failed(s.OpenConsultation(ctx, deal.OpenConsultationInput{})) }, theDealer},
		"deal.PresentProduct":      {func(ctx c) error { return failed(s.PresentProduct(ctx, deal.PresentProductInput{})) }, theDealer},
		"deal.CloseConsultation":   {func(ctx c) error { return failed(s.CloseConsultation(ctx, deal.CloseConsultationInput{})) }, theDealer},
		"deal.IssueQuote":          {func(ctx c) error { return failed(s.IssueQuote(ctx, deal.IssueQuoteInput{})) }, theDealer},
		"deal.ReviseQuote":         {func(ctx c) error { return failed(s.ReviseQuote(ctx, deal.ReviseQuoteInput{})) }, theDealer},
		"deal.FollowUpQuote":       {func(ctx c) error { return failed(s.FollowUpQuote(ctx, deal.FollowUpQuoteInput{})) }, theDealer},
		"deal.DecideDiscount":      {func(ctx c) error { return failed(s.DecideDiscount(ctx, deal.DecideDiscountInput{})) }, deciders},
		"deal.DraftContract":       {func(ctx c) error { return failed(s.DraftContract(ctx, deal.DraftContractInput{})) }, theDealer},
		"deal.SignContract":        {func(ctx c) error { return failed(s.SignContract(ctx, deal.SignContractInput{})) }, theDealer},
		"deal.RecordPaperContract": {func(ctx c) error { return failed(s.RecordPaperContract(ctx, deal.RecordPaperContractInput{})) }, theDealer},
		"deal.CancelContract":      {func(ctx c) error { return failed(s.CancelContract(ctx, deal.CancelContractInput{})) }, cancellers},
		"deal.Seal":                {func(ctx c) error { return s.Seal(ctx, "x") }, theSystem},
		"deal.Consultation":        {func(ctx c) error { return failed(s.Consultation(ctx, "x")) }, theChannel},
		"deal.Quote":               {func(ctx c) error { return failed(s.Quote(ctx, "x")) }, theChannel},
		"deal.Contract":            {func(ctx c) error { return failed(s.Contract(ctx, "x")) }, theFile},
		"deal.ContractsByID":       {func(ctx c) error { return failed(s.ContractsByID(ctx, ids)) }, theFile},
		"deal.EvidenceOf":          {func(ctx c) error { return failed(s.EvidenceOf(ctx, "x")) }, theChannel},
		"deal.PaperFile":           {func(ctx c) error { return failed(s.PaperFile(ctx, "x")) }, theChannel},
		"deal.PackageFile":         {func(ctx c) error { return failed(s.PackageFile(ctx, "x")) }, theChannel},
		"deal.Consultations":       {func(ctx c) error { return failed(s.Consultations(ctx, nil, nil, nil)) }, theChannel},
		"deal.Quotes":              {func(ctx c) error { return failed(s.Quotes(ctx, nil, nil, nil)) }, theChannel},
		"deal.Contracts":           {func(ctx c) error { return failed(s.Contracts(ctx, nil, nil, nil)) }, theFile},
		"deal.ShowingsOf":          {func(ctx c) error { return failed(s.ShowingsOf(ctx, ids)) }, theChannel},
		"deal.FollowUpsOf":         {func(ctx c) error { return failed(s.FollowUpsOf(ctx, ids)) }, theChannel},
		"deal.QuotesOfDeals":       {func(ctx c) error { return failed(s.QuotesOfDeals(ctx, ids)) }, theChannel},
		"deal.ConsultationsByID":   {func(ctx c) error { return failed(s.ConsultationsByID(ctx, ids)) }, theChannel},
		"deal.QuotesByID":          {func(ctx c) error { return failed(s.QuotesByID(ctx, ids)) }, theChannel},
		"deal.ContractsOfQuotes":   {func(ctx c) error { return failed(s.ContractsOfQuotes(ctx, ids)) }, theChannel},
	}
}

func (w *world) customerMethods() map[string]method {
	s, ids := w.customers, []string{"x"}
	type c = context.Context
	return map[string]method{
		"customer.CreateCustomer":  {func(ctx c) error { return failed(s.CreateCustomer(ctx, customer.CreateCustomerInput{})) }, theDealer},
		"customer.UpdateCustomer":  {func(ctx c) error { return failed(s.UpdateCustomer(ctx, customer.UpdateCustomerInput{})) }, theDealer},
		"customer.RecordConsent":   {func(ctx c) error { return failed(s.RecordConsent(ctx, customer.RecordConsentInput{})) }, theDealer},
		"customer.WithdrawConsent": {func(ctx c) error { return failed(s.WithdrawConsent(ctx, customer.WithdrawConsentInput{})) }, theDealer},
		"customer.SealAll":         {func(ctx c) error { return s.SealAll(ctx, []customer.Customer{{}}) }, theDealer},
		"customer.Customer":        {func(ctx c) error { return failed(s.Customer(ctx, "x")) }, theChannel},
		"customer.Customers":       {func(ctx c) error { return failed(s.Customers(ctx, nil, nil, nil)) }, theChannel},
		"customer.Similar":         {func(ctx c) error { return failed(s.Similar(ctx, "김논두렁", "", "")) }, theChannel},
		"customer.CustomersByID":   {func(ctx c) error { return failed(s.CustomersByID(ctx, ids)) }, theChannel},
		"customer.Timeline":        {func(ctx c) error { return failed(s.Timeline(ctx, "x", nil, nil)) }, theChannel},
		"customer.ConsentTextsAt":  {func(ctx c) error { return failed(s.ConsentTextsAt(ctx, time.Time{})) }, theChannel},
		"customer.ConsentTexts":    {func(ctx c) error { return failed(s.ConsentTexts(ctx)) }, theChannel},
		"customer.ConsentsOf":      {func(ctx c) error { return failed(s.ConsentsOf(ctx, ids)) }, theChannel},
		"customer.HasConsent":      {func(ctx c) error { return failed(s.HasConsent(ctx, "x", customer.Marketing)) }, theChannel},
	}
}

func (w *world) readMethods() map[string]method {
	ids := []string{"x"}
	type c = context.Context
	return map[string]method{
		"catalogue.Products":          {func(ctx c) error { return failed(w.catalogue.Products(ctx, nil)) }, theChannel},
		"catalogue.Product":           {func(ctx c) error { return failed(w.catalogue.Product(ctx, "x")) }, theChannel},
		"catalogue.ProductsByID":      {func(ctx c) error { return failed(w.catalogue.ProductsByID(ctx, ids)) }, theChannel},
		"catalogue.OptionsOf":         {func(ctx c) error { return failed(w.catalogue.OptionsOf(ctx, ids)) }, theChannel},
		"catalogue.MediaOf":           {func(ctx c) error { return failed(w.catalogue.MediaOf(ctx, ids)) }, theChannel},
		"catalogue.LinesByID":         {func(ctx c) error { return failed(w.catalogue.LinesByID(ctx, ids)) }, theChannel},
		"catalogue.FinanceProgrammes": {func(ctx c) error { return failed(w.catalogue.FinanceProgrammes(ctx)) }, theChannel},
		"catalogue.FinanceProgramme":  {func(ctx c) error { return failed(w.catalogue.FinanceProgramme(ctx, "x")) }, theChannel},
		"catalogue.PriceLines": {func(ctx c) error {
			return failed(w.catalogue.PriceLines(ctx, []catalogue.LineRequest{{ProductID: "x"}}, w.now()))
		}, theChannel},
		"channel.Regions":            {func(ctx c) error { return failed(w.channel.Regions(ctx)) }, theChannel},
		"channel.Region":             {func(ctx c) error { return failed(w.channel.Region(ctx, "x")) }, theChannel},
		"channel.Dealer":             {func(ctx c) error { return failed(w.channel.Dealer(ctx, "x")) }, theChannel},
		"channel.Dealers":            {func(ctx c) error { return failed(w.channel.Dealers(ctx, nil, nil, nil)) }, theChannel},
		"channel.DealersByID":        {func(ctx c) error { return failed(w.channel.DealersByID(ctx, ids)) }, theChannel},
		"channel.RegionsByCode":      {func(ctx c) error { return failed(w.channel.RegionsByCode(ctx, ids)) }, theChannel},
		"channel.DistrictsByCode":    {func(ctx c) error { return failed(w.channel.DistrictsByCode(ctx, ids)) }, theChannel},
		"channel.DistrictsOf":        {func(ctx c) error { return failed(w.channel.DistrictsOf(ctx, ids)) }, theChannel},
		"channel.TerritoriesByID":    {func(ctx c) error { return failed(w.channel.TerritoriesByID(ctx, ids)) }, theChannel},
		"channel.StaffOf":            {func(ctx c) error { return failed(w.channel.StaffOf(ctx, ids)) }, theChannel},
		"identity.NamesOf":           {func(ctx c) error { return failed(w.people.NamesOf(ctx, ids)) }, theChannel},
		"identity.OrganizationsByID": {func(ctx c) error { return failed(w.people.OrganizationsByID(ctx, ids)) }, signedIn},
		"identity.RegisterClient": {func(ctx c) error {
			return failed(w.people.RegisterClient(ctx, identity.RegisterClientInput{}))
		}, []identity.Persona{identity.HQ}},
		"identity.InvitePerson":     {func(ctx c) error { return failed(w.people.InvitePerson(ctx, identity.InvitePersonInput{})) }, cancellers},
		"identity.People":           {func(ctx c) error { return failed(w.people.People(ctx, nil, nil, nil)) }, []identity.Persona{identity.HQ}},
		"identity.LastSeenOf":       {func(ctx c) error { return failed(w.people.LastSeenOf(ctx, ids)) }, []identity.Persona{identity.HQ}},
		"identity.SessionsOfPeople": {func(ctx c) error { return failed(w.people.SessionsOfPeople(ctx, ids)) }, []identity.Persona{identity.HQ}},
		"identity.DeactivatePerson": {func(ctx c) error {
			return failed(w.people.DeactivatePerson(ctx, identity.DeactivatePersonInput{UserID: "x"}))
		}, []identity.Persona{identity.HQ}},
		"identity.ReactivatePerson": {func(ctx c) error {
			return failed(w.people.ReactivatePerson(ctx, identity.ReactivatePersonInput{UserID: "x"}))
		}, []identity.Persona{identity.HQ}},
		"identity.EndSessionOf": {func(ctx c) error {
			return failed(w.people.EndSessionOf(ctx, identity.EndSessionOfInput{SessionID: "x"}))
		}, []identity.Persona{identity.HQ}},
		"identity.TiePerson":    {func(ctx c) error { return failed(w.people.TiePerson(ctx, identity.TiePersonInput{})) }, []identity.Persona{identity.HQ}},
		"identity.SendPass":     {func(ctx c) error { return w.people.SendPass(ctx, identity.Reset, "") }, theSystem},
		"identity.Sessions":     {func(ctx c) error { return failed(w.people.Sessions(ctx)) }, signedIn},
		"identity.EndSession":   {func(ctx c) error { return failed(w.people.EndSession(ctx, identity.EndSessionInput{ID: "x"})) }, signedIn},
		"identity.Passkeys":     {func(ctx c) error { return failed(w.people.Passkeys(ctx)) }, theChannel},
		"identity.BeginPasskey": {func(ctx c) error { return failed(w.people.BeginPasskey(ctx, identity.BeginPasskeyInput{})) }, theChannel},
		"identity.FinishPasskey": {func(ctx c) error {
			return failed(w.people.FinishPasskey(ctx, identity.FinishPasskeyInput{}))
		}, theChannel},
		"identity.RemovePasskey": {func(ctx c) error {
			return failed(w.people.RemovePasskey(ctx, identity.RemovePasskeyInput{ID: "x"}))
		}, theChannel},
		"identity.SignOut":  {func(ctx c) error { return w.people.SignOut(ctx) }, signedIn},
		"iq.Entries":        {func(ctx c) error { return failed(w.iq.Entries(ctx, "", nil, nil, nil)) }, theChannel},
		"iq.PointsOf":       {func(ctx c) error { return failed(w.iq.PointsOf(ctx, "2026Q4", ids)) }, theChannel},
		"iq.EntriesAbout":   {func(ctx c) error { return failed(w.iq.EntriesAbout(ctx, ids)) }, theChannel},
		"iq.EntriesOfDeals": {func(ctx c) error { return failed(w.iq.EntriesOfDeals(ctx, ids)) }, theChannel},
		"iq.LastEntry":      {func(ctx c) error { return failed(w.iq.LastEntry(ctx)) }, theDealer},
		"iq.Foresee": {func(ctx c) error {
			return failed(w.iq.Foresee(ctx, func(iq.Rulebook) []act.Act { return nil }))
		}, theDealer},
		"agenda.NextSteps":       {func(ctx c) error { return failed(w.agenda.NextSteps(ctx, 3)) }, theDealer},
		"agenda.NextBestPoints":  {func(ctx c) error { return failed(w.agenda.NextBestPoints(ctx)) }, theDealer},
		"iq.Rulebook":            {func(ctx c) error { return failed(w.iq.Rulebook(ctx, nil)) }, theChannel},
		"iq.RulebooksByVersion":  {func(ctx c) error { return failed(w.iq.RulebooksByVersion(ctx, []int{1})) }, theChannel},
		"identity.PruneSessions": {func(ctx c) error { return w.people.PruneSessions(ctx) }, theSystem},
		"identity.SetContact":    {func(ctx c) error { return failed(w.people.SetContact(ctx, identity.SetContactInput{Mail: "x"})) }, partners},
		"agenda.Attention":       {func(ctx c) error { return failed(w.agenda.Attention(ctx, 20)) }, deciders},
		"agenda.DealsOf":         {func(ctx c) error { return failed(w.agenda.DealsOf(ctx, ids)) }, deciders},
		"channel.Visits":         {func(ctx c) error { return failed(w.channel.Visits(ctx, "x", nil, nil)) }, deciders},
		"channel.RecordVisit": {func(ctx c) error {
			return failed(w.channel.RecordVisit(ctx, channel.RecordVisitInput{Kind: channel.InPerson}))
		}, []identity.Persona{identity.Rep}},
		"customer.DealTimeline": {func(ctx c) error { return failed(w.customers.DealTimeline(ctx, "x", nil, nil)) }, theChannel},
		"insight.Country":       {func(ctx c) error { return failed(w.insight.Country(ctx, nil)) }, []identity.Persona{identity.HQ}},
		"insight.CountryChanges": {func(ctx c) error {
			over, end := context.WithCancel(ctx)
			end()
			return failed(w.insight.CountryChanges(over))
		}, []identity.Persona{identity.HQ}},
	}
}

func (w *world) boardMethods() map[string]method {
	s, nation := w.boards, w.boards.Nation()
	type c = context.Context
	return map[string]method{
		"leaderboard.Board":  {func(ctx c) error { return failed(s.Board(ctx, leaderboard.Nation, nil, nil)) }, theChannel},
		"leaderboard.Head":   {func(ctx c) error { return failed(s.Head(ctx, nation)) }, theChannel},
		"leaderboard.Around": {func(ctx c) error { return failed(s.Around(ctx, nation, "", 3)) }, theChannel},
		"leaderboard.Places": {func(ctx c) error { _, _, err := s.Places(ctx, nation, nil, nil); return err }, theChannel},
		"leaderboard.Find":   {func(ctx c) error { _, _, err := s.Find(ctx, nation, "x"); return err }, theChannel},
		"leaderboard.Banner": {func(ctx c) error { _, _, err := s.Banner(ctx); return err }, theDealer},
		"leaderboard.Changes": {func(ctx c) error {
			over, end := context.WithCancel(ctx)
			end()
			return failed(s.Changes(over, leaderboard.Nation, nil))
		}, theChannel},
		"leaderboard.BannerChanges": {func(ctx c) error {
			over, end := context.WithCancel(ctx)
			end()
			return failed(s.BannerChanges(over))
		}, theDealer},
	}
}

func (w *world) shipmentMethods() map[string]method {
	s, ids := w.logistics, []string{"x"}
	type c = context.Context
	return map[string]method{
		"logistics.RequestShipment": {func(ctx c) error { return failed(s.RequestShipment(ctx, logistics.RequestShipmentInput{})) }, cancellers},
		"logistics.CancelShipment":  {func(ctx c) error { return failed(s.CancelShipment(ctx, logistics.CancelShipmentInput{})) }, cancellers},
		"logistics.AcceptShipment":  {func(ctx c) error { return failed(s.AcceptShipment(ctx, logistics.AcceptShipmentInput{})) }, theCarrier},
		"logistics.DeclineShipment": {func(ctx c) error { return failed(s.DeclineShipment(ctx, logistics.DeclineShipmentInput{})) }, theCarrier},
		"logistics.RecordShipmentEvent": {func(ctx c) error {
			return failed(s.RecordShipmentEvent(ctx, logistics.RecordShipmentEventInput{}))
		}, theCarrier},
		"logistics.ProveDelivery":        {func(ctx c) error { return failed(s.ProveDelivery(ctx, logistics.ProveDeliveryInput{})) }, theCarrier},
		"logistics.KeepPhoto":            {func(ctx c) error { return failed(s.KeepPhoto(ctx, strings.NewReader(""))) }, theCarrier},
		"logistics.Shipment":             {func(ctx c) error { return failed(s.Shipment(ctx, "x")) }, theWay},
		"logistics.Shipments":            {func(ctx c) error { return failed(s.Shipments(ctx, nil, nil, nil)) }, theWay},
		"logistics.ShipmentsOfContracts": {func(ctx c) error { return failed(s.ShipmentsOfContracts(ctx, ids)) }, theWay},
		"logistics.EventsOf":             {func(ctx c) error { return failed(s.EventsOf(ctx, ids)) }, theWay},
		"logistics.ProofsOf":             {func(ctx c) error { return failed(s.ProofsOf(ctx, ids)) }, theWay},
		"logistics.PhotoFile":            {func(ctx c) error { return failed(s.PhotoFile(ctx, "x")) }, theWay},
		"logistics.SealAll":              {func(ctx c) error { return s.SealAll(ctx, nil, nil) }, cancellers},
		"logistics.Carriers":             {func(ctx c) error { return failed(s.Carriers(ctx)) }, cancellers},
	}
}

func (w *world) lendingMethods() map[string]method {
	s, ids := w.lending, []string{"x"}
	type c = context.Context
	return map[string]method{
		"lending.ApplyForFinance":     {func(ctx c) error { return failed(s.ApplyForFinance(ctx, lending.ApplyForFinanceInput{})) }, theDealer},
		"lending.WithdrawApplication": {func(ctx c) error { return failed(s.WithdrawApplication(ctx, lending.WithdrawApplicationInput{})) }, theDealer},
		"lending.AnswerStipulation":   {func(ctx c) error { return failed(s.AnswerStipulation(ctx, lending.AnswerStipulationInput{})) }, theDealer},
		"lending.KeepDocument":        {func(ctx c) error { return failed(s.KeepDocument(ctx, strings.NewReader(""))) }, theDealer},
		"lending.SweepDocuments":      {func(ctx c) error { return s.SweepDocuments(ctx) }, theSystem},
		"lending.DecideApplication":   {func(ctx c) error { return failed(s.DecideApplication(ctx, lending.DecideApplicationInput{})) }, theLender},
		"lending.RequestDocuments":    {func(ctx c) error { return failed(s.RequestDocuments(ctx, lending.RequestDocumentsInput{})) }, theLender},
		"lending.ConfirmFunding":      {func(ctx c) error { return failed(s.ConfirmFunding(ctx, lending.ConfirmFundingInput{})) }, theLender},
		"lending.SharedOf":            {func(ctx c) error { return failed(s.SharedOf(ctx, ids)) }, theLender},
		"lending.BorrowersOf":         {func(ctx c) error { return failed(s.BorrowersOf(ctx, ids)) }, theLender},
		"lending.ContractChanges":     {func(ctx c) error { return failed(s.ContractChanges(ctx, nil, nil)) }, theLender},
		"lending.Application":         {func(ctx c) error { return failed(s.Application(ctx, "x")) }, theFile},
		"lending.Applications":        {func(ctx c) error { return failed(s.Applications(ctx, nil, nil, nil)) }, theFile},
		"lending.ApplicationsByID":    {func(ctx c) error { return failed(s.ApplicationsByID(ctx, ids)) }, theFile},
		"lending.ApplicationsOfContracts": {func(ctx c) error {
			return failed(s.ApplicationsOfContracts(ctx, ids))
		}, theFile},
		"lending.StipulationsOf":  {func(ctx c) error { return failed(s.StipulationsOf(ctx, ids)) }, theFile},
		"lending.DocumentLink":    {func(ctx c) error { return failed(s.DocumentLink(ctx, lending.Stipulation{})) }, theFile},
		"lending.AccessLog":       {func(ctx c) error { return failed(s.AccessLog(ctx, "x", nil, nil)) }, cancellers},
		"lending.VerifyAccessLog": {func(ctx c) error { return failed(s.VerifyAccessLog(ctx, "x")) }, cancellers},
	}
}

func (w *world) linkMethods() map[string]method {
	s, ids := w.links, []string{"x"}
	type c = context.Context
	return map[string]method{
		"link.CreateCustomerLink":    {func(ctx c) error { return failed(s.CreateCustomerLink(ctx, link.CreateCustomerLinkInput{})) }, theDealer},
		"link.RenewCustomerLinkCode": {func(ctx c) error { return failed(s.RenewCustomerLinkCode(ctx, link.RenewCustomerLinkCodeInput{})) }, theDealer},
		"link.RevokeCustomerLink":    {func(ctx c) error { return failed(s.RevokeCustomerLink(ctx, link.RevokeCustomerLinkInput{})) }, theDealer},
		"link.LinksOfContracts":      {func(ctx c) error { return failed(s.LinksOfContracts(ctx, ids)) }, theChannel},
		"link.SendLetter":            {func(ctx c) error { return s.SendLetter(ctx, link.LetterLink, "x", 0) }, theSystem},
		"link.Mine":                  {func(ctx c) error { return failed(s.Mine(ctx)) }, theOwner},
		"link.CustomerContract":      {func(ctx c) error { return failed(s.CustomerContract(ctx)) }, theOwner},
		"link.Recipients":            {func(ctx c) error { return failed(s.Recipients(ctx)) }, theOwner},
		"link.PaperLink":             {func(ctx c) error { return failed(s.PaperLink(ctx)) }, theOwner},
		"link.SignContractByLink":    {func(ctx c) error { return failed(s.SignContractByLink(ctx, link.SignContractByLinkInput{})) }, theOwner},
		"link.GrantConsentByLink":    {func(ctx c) error { return failed(s.GrantConsentByLink(ctx, link.GrantConsentByLinkInput{})) }, theOwner},
		"link.WithdrawConsentByLink": {func(ctx c) error { return failed(s.WithdrawConsentByLink(ctx, link.WithdrawConsentByLinkInput{})) }, theOwner},
	}
}

func (w *world) vocMethods() map[string]method {
	s, ids := w.voc, []string{"x"}
	type c = context.Context
	return map[string]method{
		"voc.SendVoice":          {func(ctx c) error { return failed(s.SendVoice(ctx, voc.SendVoiceInput{})) }, speakers},
		"voc.KeepFile":           {func(ctx c) error { return failed(s.KeepFile(ctx, strings.NewReader(""))) }, speakers},
		"voc.VoiceFile":          {func(ctx c) error { return failed(s.VoiceFile(ctx, "x", "y")) }, speakers},
		"voc.Voice":              {func(ctx c) error { return failed(s.Voice(ctx, "x")) }, speakers},
		"voc.Voices":             {func(ctx c) error { return failed(s.Voices(ctx, nil, nil, nil)) }, speakers},
		"voc.VoicesByID":         {func(ctx c) error { return failed(s.VoicesByID(ctx, ids)) }, speakers},
		"voc.AnswersOf":          {func(ctx c) error { return failed(s.AnswersOf(ctx, ids)) }, speakers},
		"voc.NamesOf":            {func(ctx c) error { return failed(s.NamesOf(ctx, ids)) }, speakers},
		"voc.AnswerVoice":        {func(ctx c) error { return failed(s.AnswerVoice(ctx, voc.AnswerVoiceInput{})) }, theHQ},
		"voc.AssignVoice":        {func(ctx c) error { return failed(s.AssignVoice(ctx, voc.AssignVoiceInput{})) }, theHQ},
		"voc.MarkVoiceUseful":    {func(ctx c) error { return failed(s.MarkVoiceUseful(ctx, voc.MarkVoiceUsefulInput{})) }, theHQ},
		"voc.CloseVoice":         {func(ctx c) error { return failed(s.CloseVoice(ctx, voc.CloseVoiceInput{})) }, theHQ},
		"voc.ProposeIdea":        {func(ctx c) error { return failed(s.ProposeIdea(ctx, voc.ProposeIdeaInput{})) }, theChannel},
		"voc.SupportIdea":        {func(ctx c) error { return failed(s.SupportIdea(ctx, voc.SupportIdeaInput{})) }, theChannel},
		"voc.UnsupportIdea":      {func(ctx c) error { return failed(s.UnsupportIdea(ctx, voc.UnsupportIdeaInput{})) }, theChannel},
		"voc.MoveIdea":           {func(ctx c) error { return failed(s.MoveIdea(ctx, voc.MoveIdeaInput{})) }, theHQ},
		"voc.Idea":               {func(ctx c) error { return failed(s.Idea(ctx, "x")) }, theChannel},
		"voc.ListIdeas":          {func(ctx c) error { return failed(s.ListIdeas(ctx, nil, nil, nil)) }, theChannel},
		"voc.IdeasByID":          {func(ctx c) error { return failed(s.IdeasByID(ctx, ids)) }, theChannel},
		"voc.StepsOf":            {func(ctx c) error { return failed(s.StepsOf(ctx, ids)) }, theChannel},
		"voc.SupportsOf":         {func(ctx c) error { return failed(s.SupportsOf(ctx, ids)) }, theChannel},
		"voc.PublishReleaseNote": {func(ctx c) error { return failed(s.PublishReleaseNote(ctx, voc.PublishReleaseNoteInput{})) }, theHQ},
		"voc.ReleaseNotes":       {func(ctx c) error { return failed(s.ReleaseNotes(ctx, nil, nil)) }, theChannel},
		"voc.NamedBy":            {func(ctx c) error { return failed(s.NamedBy(ctx, ids)) }, theChannel},
		"voc.NotesAbout":         {func(ctx c) error { return failed(s.NotesAbout(ctx, ids)) }, speakers},
		"voc.EscalateVoices":     {func(ctx c) error { return s.EscalateVoices(ctx) }, theSystem},
		"voc.VoicesReceived": {func(ctx c) error {
			over, end := context.WithCancel(ctx)
			end()
			return failed(s.VoicesReceived(over))
		}, deciders},
		"identity.AtHeadquarters": {func(ctx c) error { return failed(w.people.AtHeadquarters(ctx, "x")) }, theHQ},
	}
}

// open are the methods that ask nobody who they are, and why.
var open = map[string]string{
	"identity.SignIn":         "the door itself",
	"identity.RefreshSession": "a refresh token speaks for itself",
	"identity.Watch":          "watches the caller's own token",
	"identity.Recognise":      "a token speaks for itself",
	"identity.Viewer":         "answers nobody with nobody",

	// The OpenID provider's own doors: what is presented there speaks for itself.
	"identity.Throttle":            "counts requests",
	"identity.ClientBySecret":      "a secret speaks for itself",
	"identity.ClientKeys":          "public keys, for checking an assertion",
	"identity.SpendAssertion":      "an assertion speaks for itself",
	"identity.Authorize":           "an app begins a sign-in",
	"identity.Authorization":       "a request's id is known to the browser that began it",
	"identity.SignInTo":            "the door itself",
	"identity.AskPasskey":          "the door itself",
	"identity.SignInByPasskey":     "a passkey speaks for itself",
	"identity.GrantCode":           "follows a sign-in",
	"identity.AuthorizationByCode": "a code speaks for itself",
	"identity.Exchange":            "follows a code",
	"identity.SessionFor":          "a refresh token speaks for itself",
	"identity.RefreshFor":          "a refresh token speaks for itself",
	"identity.EndFor":              "an id token speaks for itself",
	"identity.PersonOf":            "an access token speaks for itself",
	"identity.RevokeToken":         "a token speaks for itself",
	"identity.Introspect":          "a token speaks for itself",
	"identity.ForgotPassword":      "the door itself",
	"identity.Pass":                "a mailed link speaks for itself",
	"identity.SetPassword":         "a mailed link speaks for itself",

	"catalogue.Film":     "anybody may watch a machine at work",
	"sandbox.Meet":       "happens to whoever calls, and answers nothing",
	"iq.Follow":          "runs inside the transaction of acts that were allowed",
	"lending.Follow":     "runs inside the transaction of acts that were allowed",
	"lending.Disclose":   "writes down what deals are about to show to those who were allowed",
	"lending.FileByLink": "a signed link speaks for itself",

	"link.FileByLink":              "a signed link speaks for itself",
	"link.OpenCustomerLink":        "the door itself",
	"link.RequestCustomerLinkCode": "the door itself",

	"logistics.Follow":    "runs inside the transaction of acts that were allowed",
	"leaderboard.Current": "reads for the hub, which shows it to watchers that were allowed",
}

func TestEveryPersonaDoesWhatItMayAndNothingElse(t *testing.T) {
	eachWorld(t, func(w *world) {
		hub := live.NewHub(w.redis.Signals(), w.boards.Current, live.HubOptions{Log: quiet})
		w.Cleanup(hub.Close)
		w.boards.Watcher = hub
		people := map[identity.Persona]context.Context{}
		for _, u := range users() {
			people[u.Persona] = identity.With(w.nobody, actor(u.ID))
		}
		require.Len(w, people, len(identity.Personas))
		people[identity.Customer] = w.owner(w.opened(w.draft(w.gimje)))
		w.insert(&identity.Session{ID: "ses_1", UserID: "usr_hq", SpentHashes: []string{}, CreatedAt: w.now(), RefreshedAt: w.now(), ExpiresAt: w.now().Add(time.Hour)})

		w.unchanged("calls that are refused, or name nothing", func() {
			for name, m := range w.methods() {
				for persona, ctx := range people {
					code := fault.CodeOf(m.call(ctx))
					if slices.Contains(m.forWhom, persona) {
						assert.NotContains(w, []fault.Code{fault.Forbidden, fault.Unauthenticated, fault.Internal}, code, "%s may call %s", persona, name)
						continue
					}
					assert.Equal(w, fault.Forbidden, code, "%s may not call %s", persona, name)
				}
				assert.Equal(w, fault.Unauthenticated, fault.CodeOf(m.call(w.nobody)), "nobody may call %s", name)
			}
		})
	})
}

func TestNoMethodOfAServiceIsForgotten(t *testing.T) {
	w := &world{T: t, deals: &deal.Service{}, customers: &customer.Service{}, catalogue: &catalogue.Service{}, channel: &channel.Service{}, people: &identity.Service{}, iq: &iq.Service{}, logistics: &logistics.Service{}, lending: &lending.Service{}, links: &link.Service{}, voc: &voc.Service{}}
	w.agenda, w.inbox, w.insight = &agenda.Service{}, &inbox.Service{}, &insight.Service{}
	w.webhooks, w.sandbox = &webhook.Service{}, &sandbox.Service{}
	w.boards = &leaderboard.Service{Season: func(time.Time) leaderboard.Season { return leaderboard.Season{} }}
	w.boards.Now = w.now
	known := w.methods()
	inherited := reflect.TypeFor[work.Kit]()
	for _, service := range []any{w.deals, w.customers, w.catalogue, w.channel, w.people, w.iq, w.boards, w.logistics, w.lending, w.webhooks, w.sandbox, w.links, w.agenda, w.voc, w.inbox, w.insight} {
		of := reflect.TypeOf(service)
		for i := range of.NumMethod() {
			m := of.Method(i)
			if _, every := inherited.MethodByName(m.Name); every || m.Type.NumIn() < 2 || m.Type.In(1) != reflect.TypeFor[context.Context]() {
				continue // belongs to every service, or asks nothing of a caller
			}
			name := of.Elem().String()
			name = name[:len(name)-len("Service")] + m.Name
			_, tested := known[name]
			_, free := open[name]
			assert.NotEqual(t, tested, free, "%s belongs in exactly one of methods and open", name)
		}
	}
}

// What lies outside a caller's reach does not exist.
func TestRowsOutsideTheReachDoNotExist(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		w.show(w.gimje, talk.ID, 45)
		q := w.issue(w.gimje, offer(talk.ID))
		c := w.sign(w.gimje, w.draftOf(w.gimje, q.ID))
		for name, ctx := range map[string]context.Context{"another dealer": w.iksan, "a rep of another territory": w.otherRep} {
			_, err := w.deals.Consultation(ctx, talk.ID)
			w.refused(name, err, fault.NotFound, "consultation.not_found", "")
			_, err = w.deals.Quote(ctx, q.ID)
			w.refused(name, err, fault.NotFound, "quote.not_found", "")
			_, err = w.deals.Contract(ctx, c.ID)
			w.refused(name, err, fault.NotFound, "contract.not_found", "")
			_, err = w.customers.Customer(ctx, talk.CustomerID)
			w.refused(name, err, fault.NotFound, "customer.not_found", "")
			for what, n := range w.visible(ctx, talk, q) {
				assert.Zero(w, n, "%s of another's are seen by %s", what, name)
			}
		}
		for name, ctx := range map[string]context.Context{"the dealer": w.gimje, "the dealer's rep": w.rep, "HQ": w.hq} {
			for what, n := range w.visible(ctx, talk, q) {
				assert.NotZero(w, n, "%s are not seen by %s", what, name)
			}
		}
	})
}

// visible counts what a caller sees of a deal, way by way.
func (w *world) visible(ctx context.Context, talk *deal.Consultation, q *deal.Quote) map[string]int {
	w.Helper()
	seen := map[string]int{}
	count := func(name string, n int, err error) {
		require.NoError(w, err, name)
		seen[name] = n
	}
	talks, err := w.deals.Consultations(ctx, &deal.ConsultationFilter{DealerID: "dlr_gimje"}, nil, nil)
	count("listed consultations", talks.TotalCount+len(talks.Nodes), err)
	quotes, err := w.deals.Quotes(ctx, nil, nil, nil)
	count("listed quotes", quotes.TotalCount+len(quotes.Nodes), err)
	contracts, err := w.deals.Contracts(ctx, &deal.ContractFilter{CustomerID: talk.CustomerID}, nil, nil)
	count("listed contracts", contracts.TotalCount+len(contracts.Nodes), err)
	showings, err := w.deals.ShowingsOf(ctx, []string{talk.ID})
	count("showings", len(showings), err)
	byDeal, err := w.deals.QuotesOfDeals(ctx, []string{talk.ID})
	count("quotes of deals", len(byDeal), err)
	talksByID, err := w.deals.ConsultationsByID(ctx, []string{talk.ID})
	count("consultations by id", len(talksByID), err)
	quotesByID, err := w.deals.QuotesByID(ctx, []string{q.ID})
	count("quotes by id", len(quotesByID), err)
	ofQuotes, err := w.deals.ContractsOfQuotes(ctx, []string{q.ID})
	count("contracts of quotes", len(ofQuotes), err)
	consents, err := w.customers.ConsentsOf(ctx, []string{talk.CustomerID})
	count("consents", len(consents), err)
	timeline, err := w.customers.Timeline(ctx, talk.CustomerID, nil, nil)
	count("the timeline", timeline.TotalCount+len(timeline.Nodes), err)
	entries, err := w.iq.Entries(ctx, "dlr_gimje", nil, nil, nil)
	count("ledger entries", entries.TotalCount+len(entries.Nodes), err)
	about, err := w.iq.EntriesAbout(ctx, []string{q.ID})
	count("entries about rows", len(about), err)
	ofDeals, err := w.iq.EntriesOfDeals(ctx, []string{talk.ID})
	count("entries of deals", len(ofDeals), err)
	points, err := w.iq.PointsOf(ctx, w.iq.CurrentSeason().Key, []string{"dlr_gimje"})
	count("points", len(points), err)
	return seen
}
