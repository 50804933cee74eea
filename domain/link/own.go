package link

import (
	"context"
	"slices"
	"strconv"
	"time"

	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/domain/logistics"
	"dure/domain/money"
)

// CustomerContract is what a customer reads of their contract.
type CustomerContract struct {
	deal.Contract

	CustomerName  string
	DealerName    string
	DealerPhone   string
	StaffName     string
	Lines         []deal.QuoteLine // none for a contract that was recorded on paper without a quote
	TradeIn       *deal.TradeIn
	DownPayment   money.Won
	Monthly       money.Won
	Months        int
	Delivery      string
	ConsentTexts  []customer.ConsentText // those that stand on the paper
	Consents      []customer.Consent     // the newest of each purpose and recipient
	Deliveries    []CustomerDelivery
	LinkExpiresAt time.Time

	programmeID string // that finances it
}

// CustomerDelivery is a shipment on its way to the customer.
type CustomerDelivery struct {
	logistics.Shipment

	Events []logistics.ShipmentEvent
}

// errEnded is what an access token gets whose link is over.
var errEnded = fault.New(fault.Unauthenticated, "link.ended")

// own reads the link that the caller came in by.
func (s *Service) own(ctx context.Context) (*CustomerLink, error) {
	l, err := s.Store.LinkByID(ctx, identity.From(ctx).SessionID)
	if fault.CodeOf(err) == fault.NotFound || err == nil && (l.Status(s.now()) != Opened || l.CustomerID != identity.From(ctx).UserID) {
		return nil, errEnded
	}
	return l, err
}

// Mine is what the caller's link leads to: a customer of a dealer's, and their
// contract.
type Mine struct{ LinkID, ContractID, CustomerID, DealerID string }

// Mine reads what the caller's link leads to. It fails with
// fault.Unauthenticated once the link is over.
func (s *Service) Mine(ctx context.Context) (Mine, error) {
	if _, err := identity.Allow(ctx, identity.OwnRead); err != nil {
		return Mine{}, err
	}
	l, err := s.own(ctx)
	if err != nil {
		return Mine{}, err
	}
	return Mine{LinkID: l.ID, ContractID: l.ContractID, CustomerID: l.CustomerID, DealerID: l.DealerID}, nil
}

// CustomerContract reads the contract of the caller's link.
func (s *Service) CustomerContract(ctx context.Context) (*CustomerContract, error) {
	if _, err := identity.Allow(ctx, identity.OwnRead); err != nil {
		return nil, err
	}
	l, err := s.own(ctx)
	if err != nil {
		return nil, err
	}
	return s.read(identity.OnBehalf(ctx), l)
}

// read gathers what l leads to. Nothing is asked for by an id that the caller
// could have chosen.
func (s *Service) read(ctx context.Context, l *CustomerLink) (*CustomerContract, error) {
	c, err := s.Deals.Contract(ctx, l.ContractID)
	if err != nil {
		return nil, err
	}
	v := &CustomerContract{Contract: *c, LinkExpiresAt: l.ExpiresAt}
	for _, add := range []func(context.Context, *CustomerContract) error{s.addTerms, s.addPeople, s.addConsents, s.addDeliveries} {
		if err := add(ctx, v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (s *Service) addTerms(ctx context.Context, v *CustomerContract) error {
	if v.QuoteID == "" {
		return nil
	}
	q, err := s.Deals.Quote(ctx, v.QuoteID)
	if err != nil {
		return err
	}
	v.Lines, v.DownPayment, v.Monthly, v.Months, v.Delivery, v.programmeID = q.Lines, q.DownPayment, q.Monthly, q.FinanceMonths, q.Delivery, q.FinanceProgrammeID
	if q.TradeIn.Amount != 0 {
		v.TradeIn = &q.TradeIn
	}
	return nil
}

func (s *Service) addPeople(ctx context.Context, v *CustomerContract) error {
	dealer, err := s.Channel.Dealer(ctx, v.DealerID)
	if err != nil {
		return err
	}
	who, err := s.Customers.Customer(ctx, v.CustomerID)
	if err != nil {
		return err
	}
	names, err := s.People.NamesOf(ctx, []string{v.StaffID})
	v.CustomerName, v.DealerName, v.DealerPhone, v.StaffName = who.Name, dealer.Name, dealer.Phone, names[v.StaffID]
	return err
}

func (s *Service) addConsents(ctx context.Context, v *CustomerContract) (err error) {
	if v.ConsentTexts, err = s.Customers.ConsentTextsAt(ctx, v.DraftedAt); err != nil {
		return err
	}
	consents, err := s.Customers.ConsentsOf(ctx, []string{v.CustomerID})
	v.Consents = consents[v.CustomerID]
	return err
}

func (s *Service) addDeliveries(ctx context.Context, v *CustomerContract) error {
	shipments, err := s.Logistics.ShipmentsOfContracts(ctx, []string{v.ID})
	if err != nil {
		return err
	}
	rows := shipments[v.ID]
	ids := make([]string, len(rows))
	for i, sh := range rows {
		ids[i] = sh.ID
	}
	events, err := s.Logistics.EventsOf(ctx, ids)
	for _, sh := range rows {
		v.Deliveries = append(v.Deliveries, CustomerDelivery{Shipment: sh, Events: events[sh.ID]})
	}
	return err
}

// Recipients lists the firms that the caller may agree to be shown to: those that
// a consent of theirs, their quote's finance programme, an application or a
// delivery names.
func (s *Service) Recipients(ctx context.Context) ([]identity.Organization, error) {
	if _, err := identity.Allow(ctx, identity.OwnRead); err != nil {
		return nil, err
	}
	l, err := s.own(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := s.recipients(identity.OnBehalf(ctx), l)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	by, err := s.People.OrganizationsByID(ctx, ids)
	var all []identity.Organization
	for _, id := range ids {
		if o, ok := by[id]; ok {
			all = append(all, o)
		}
	}
	return all, err
}

func (s *Service) recipients(ctx context.Context, l *CustomerLink) ([]string, error) {
	v, err := s.read(ctx, l)
	if err != nil {
		return nil, err
	}
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, c := range v.Consents {
		add(c.Recipient)
	}
	if v.programmeID != "" {
		f, err := s.Catalogue.FinanceProgramme(ctx, v.programmeID)
		if err != nil {
			return nil, err
		}
		add(f.OrganizationID)
	}
	applications, err := s.Lending.ApplicationsOfContracts(ctx, []string{l.ContractID})
	if err != nil {
		return nil, err
	}
	for _, a := range applications[l.ContractID] {
		add(a.LenderID)
	}
	for _, d := range v.Deliveries {
		add(d.CarrierID)
	}
	slices.Sort(ids)
	return ids, nil
}

// PaperLink is a link to the PDF of the caller's contract, for a short while; nil
// when it has none.
func (s *Service) PaperLink(ctx context.Context) (*lending.SignedLink, error) {
	if _, err := identity.Allow(ctx, identity.OwnRead); err != nil {
		return nil, err
	}
	l, err := s.own(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Deals.Contract(identity.OnBehalf(ctx), l.ContractID)
	if err != nil || c.Channel != deal.Digital {
		return nil, err
	}
	until := s.now().Add(lending.LinkValidity)
	token := s.Files.Sign(l.ID, l.ContractID, strconv.FormatInt(until.UnixMicro(), 10))
	return &lending.SignedLink{URL: "/files/shared/" + token, ExpiresAt: until}, nil
}

// FileByLink opens what a link of PaperLink leads to, while the customer's own
// link stands. It fails with fault.NotFound.
func (s *Service) FileByLink(ctx context.Context, token string) (*lending.SharedFile, error) {
	errNone := fault.New(fault.NotFound, "file.not_found")
	parts, err := s.Files.Open(token, 3)
	if err != nil {
		return nil, err
	}
	until, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || s.now().UnixMicro() >= until {
		return nil, errNone
	}
	l, err := s.Store.LinkByID(ctx, parts[0])
	if fault.CodeOf(err) == fault.NotFound || err == nil && l.Status(s.now()) != Opened {
		return nil, errNone
	}
	if err != nil {
		return nil, err
	}
	content, err := s.Deals.PaperFile(identity.With(ctx, identity.System), parts[1])
	if err != nil {
		return nil, err
	}
	return &lending.SharedFile{Content: content, Type: "application/pdf", Name: "contract.pdf"}, nil
}

// SignContractByLink signs the contract of the caller's link, by the rules of the
// tablet. Its moment is the server's: nothing is signed offline here.
func (s *Service) SignContractByLink(ctx context.Context, in SignContractByLinkInput) (*CustomerContract, error) {
	if _, err := identity.Allow(ctx, identity.OwnSign); err != nil {
		return nil, err
	}
	return s.change(ctx, in.IdempotencyKey, "signContractByLink", in, func(ctx context.Context, l *CustomerLink) error {
		_, err := s.Deals.SignContract(ctx, deal.SignContractInput{
			ContractID: l.ContractID, ExpectedVersion: in.ExpectedVersion, ReadSha256: in.ReadSha256, Signature: in.Signature,
			ConsentTextIDs: in.ConsentTextIDs, ByLink: &deal.ByLink{LinkID: l.ID, CodeBy: string(l.CodeBy), BrowserHash: l.BrowserHash},
		})
		return err
	})
}

// GrantConsentByLink records a consent that the caller gives.
func (s *Service) GrantConsentByLink(ctx context.Context, in GrantConsentByLinkInput) (*CustomerContract, error) {
	if _, err := identity.Allow(ctx, identity.OwnConsent); err != nil {
		return nil, err
	}
	return s.change(ctx, in.IdempotencyKey, "grantConsentByLink", in, func(ctx context.Context, l *CustomerLink) error {
		if in.Recipient != "" {
			known, err := s.recipients(ctx, l)
			if err != nil {
				return err
			}
			if !slices.Contains(known, in.Recipient) {
				return fault.New(fault.NotFound, "consent.unknown_recipient").On("recipient")
			}
		}
		_, err := s.Customers.RecordConsent(ctx, customer.RecordConsentInput{
			CustomerID: l.CustomerID, TextID: in.TextID, Recipient: in.Recipient, Items: in.Items, RetentionDays: in.RetentionDays, Method: customer.ByLink,
		})
		return err
	})
}

// WithdrawConsentByLink records a consent that the caller takes back. What it
// opened is closed at once.
func (s *Service) WithdrawConsentByLink(ctx context.Context, in WithdrawConsentByLinkInput) (*CustomerContract, error) {
	if _, err := identity.Allow(ctx, identity.OwnConsent); err != nil {
		return nil, err
	}
	return s.change(ctx, in.IdempotencyKey, "withdrawConsentByLink", in, func(ctx context.Context, l *CustomerLink) error {
		_, err := s.Customers.WithdrawConsent(ctx, customer.WithdrawConsentInput{
			CustomerID: l.CustomerID, Purpose: in.Purpose, Recipient: in.Recipient, Method: customer.ByLink,
		})
		return err
	})
}

// change carries out what the caller may do with what their link leads to, once,
// and reads it again.
func (s *Service) change(ctx context.Context, key, operation string, in any, do func(ctx context.Context, l *CustomerLink) error) (*CustomerContract, error) {
	var done time.Time
	err := s.Once(ctx, key, operation, in, &done, func(ctx context.Context) error {
		l, err := s.own(ctx)
		if err != nil {
			return err
		}
		done = s.now()
		return do(identity.OnBehalf(ctx), l)
	})
	if err != nil {
		return nil, err
	}
	return s.CustomerContract(ctx)
}
