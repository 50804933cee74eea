package link

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/domain/logistics"
	"dure/domain/work"
)

// Store keeps links. What is locked stays as it is until the transaction ends.
type Store interface {
	AddLink(ctx context.Context, l *CustomerLink) error
	SaveLink(ctx context.Context, l *CustomerLink) error
	LinkByID(ctx context.Context, id string) (*CustomerLink, error)
	LockLink(ctx context.Context, scope identity.Scope, id string) (*CustomerLink, error)
	LockLinkBySecret(ctx context.Context, secretHash string) (*CustomerLink, error)
	// RevokeLinks revokes what was not revoked of a contract's links.
	RevokeLinks(ctx context.Context, contractID string, at time.Time) error
	LinksOfContracts(ctx context.Context, scope identity.Scope, contractIDs []string) ([]CustomerLink, error)
}

// LetterKind says what a letter brings.
type LetterKind string

// The kinds of letter.
const (
	LetterLink LetterKind = "link"
	LetterCode LetterKind = "code"
)

// Letter is a mail to a customer.
type Letter struct {
	Kind LetterKind
	To   string
	Name string
	Says string // the link's address, or the code
}

// Mailer sends letters.
type Mailer interface {
	DeliverLink(ctx context.Context, l Letter) error
}

// Post leaves sending to a job of the running transaction.
type Post interface {
	LinkLetterLater(ctx context.Context, kind LetterKind, linkID string, codeNumber int) error
}

// Service makes links and lets customers in by them.
type Service struct {
	work.Kit
	Store     Store
	Acts      act.Recorder
	Key       Key
	Tokens    identity.Tokens
	Limiter   identity.Limiter
	Files     lending.Links // signs the links of files
	Post      Post          // nil where no mail is sent
	Mailer    Mailer
	URL       string // the address under which people reach this server
	Deals     *deal.Service
	Customers *customer.Service
	Catalogue *catalogue.Service
	Channel   *channel.Service
	Lending   *lending.Service
	Logistics *logistics.Service
	People    *identity.Service
}

// Made is a link, with what only the answer to whoever made it tells.
type Made struct {
	Link   *CustomerLink
	Mailed bool   // the link is on its way by mail
	URL    string `json:"-"`
	Code   string `json:"-"` // to tell by voice; "" when it goes by mail
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// CreateCustomerLink makes a link for a contract, in place of those before. Where
// the customer has a mail address the link is mailed, too.
func (s *Service) CreateCustomerLink(ctx context.Context, in CreateCustomerLinkInput) (*Made, error) {
	if _, err := identity.Allow(ctx, identity.LinkMake); err != nil {
		return nil, err
	}
	days := DefaultDays
	if in.ValidDays != nil {
		days = *in.ValidDays
	}
	if days < 1 || days > MaxDays {
		return nil, fault.New(fault.Invalid, "link.bad_days", MaxDays).On("validDays")
	}
	var made Made
	err := s.Once(ctx, in.IdempotencyKey, "createCustomerLink", in, &made, func(ctx context.Context) error {
		c, err := s.Deals.Contract(ctx, in.ContractID)
		if err != nil {
			return fault.Refer(err, "contractId")
		}
		if c.Status == deal.ContractCancelled {
			return fault.New(fault.Conflict, "link.contract_cancelled").On("contractId")
		}
		if made.Mailed, err = s.reachable(ctx, c.CustomerID); err != nil {
			return err
		}
		by, err := codeBy(in.CodeBy, made.Mailed)
		if err != nil {
			return err
		}
		now := s.now()
		l := &CustomerLink{
			ID: s.NewID("lnk"), ContractID: c.ID, CustomerID: c.CustomerID, DealerID: c.DealerID, StaffID: identity.From(ctx).UserID,
			CodeBy: by, MadeAt: now, ExpiresAt: now.AddDate(0, 0, days),
		}
		l.SecretHash, made.Link = hashOf(s.Key.secret(l.ID)), l
		if by == ByVoice {
			if err := l.renew(ByVoice, now); err != nil {
				return err
			}
		}
		return s.add(ctx, l, c, made.Mailed)
	})
	return s.tell(&made, err)
}

// codeBy picks how the code goes.
func codeBy(wish CodeBy, mailed bool) (CodeBy, error) {
	switch {
	case wish == ByMail && !mailed:
		return "", fault.New(fault.Conflict, "link.no_mail").On("codeBy")
	case wish != "":
		return wish, nil
	case mailed:
		return ByMail, nil
	default:
		return ByVoice, nil
	}
}

// add keeps a link in place of those before, and has it mailed.
func (s *Service) add(ctx context.Context, l *CustomerLink, c *deal.Contract, mailed bool) error {
	if err := s.Store.RevokeLinks(ctx, c.ID, l.MadeAt); err != nil {
		return err
	}
	if err := s.Store.AddLink(ctx, l); err != nil {
		return err
	}
	if mailed {
		if err := s.Post.LinkLetterLater(ctx, LetterLink, l.ID, 0); err != nil {
			return err
		}
	}
	return s.record(ctx, act.LinkMade, l, c.DealID, act.Facts{"codeBy": string(l.CodeBy)})
}

// record records an act about a link.
func (s *Service) record(ctx context.Context, kind act.Kind, l *CustomerLink, dealID string, facts act.Facts) error {
	a := s.Act(ctx, kind, l.ID, s.now(), facts)
	a.DealerID, a.CustomerID, a.DealID = l.DealerID, l.CustomerID, dealID
	a.Facts["contractId"] = l.ContractID
	return s.Acts.Record(ctx, a)
}

// reachable reports whether letters reach a customer.
func (s *Service) reachable(ctx context.Context, customerID string) (bool, error) {
	who, err := s.Customers.Customer(ctx, customerID)
	return err == nil && s.Post != nil && who.Mail != "", err
}

// tell adds what is kept nowhere.
func (s *Service) tell(made *Made, err error) (*Made, error) {
	if err != nil {
		return nil, err
	}
	made.URL = s.address(made.Link.ID)
	if made.Link.CodeBy == ByVoice && !made.Link.CodeUntil.IsZero() {
		made.Code = s.Key.code(made.Link.ID, made.Link.CodeNumber)
	}
	return made, nil
}

func (s *Service) address(linkID string) string { return s.URL + "/c/" + s.Key.secret(linkID) }

// RenewCustomerLinkCode makes a new code, for the dealer to tell by voice.
func (s *Service) RenewCustomerLinkCode(ctx context.Context, in RenewCustomerLinkCodeInput) (*Made, error) {
	scope, err := identity.Allow(ctx, identity.LinkMake)
	if err != nil {
		return nil, err
	}
	var made Made
	err = s.Once(ctx, in.IdempotencyKey, "renewCustomerLinkCode", in, &made, func(ctx context.Context) error {
		var err error
		if made.Link, err = s.Store.LockLink(ctx, scope, in.LinkID); err != nil {
			return fault.Refer(err, "linkId")
		}
		if err := made.Link.renew(ByVoice, s.now()); err != nil {
			return fault.Refer(err, "linkId")
		}
		return s.Store.SaveLink(ctx, made.Link)
	})
	return s.tell(&made, err)
}

// RevokeCustomerLink takes a link back. Whoever is in is out at once. Revoking it
// twice is once.
func (s *Service) RevokeCustomerLink(ctx context.Context, in RevokeCustomerLinkInput) (*CustomerLink, error) {
	scope, err := identity.Allow(ctx, identity.LinkMake)
	if err != nil {
		return nil, err
	}
	var l *CustomerLink
	err = s.Once(ctx, in.IdempotencyKey, "revokeCustomerLink", in, &l, func(ctx context.Context) error {
		var err error
		if l, err = s.Store.LockLink(ctx, scope, in.LinkID); err != nil {
			return fault.Refer(err, "linkId")
		}
		if !l.RevokedAt.IsZero() {
			return nil
		}
		l.RevokedAt = s.now()
		if err := s.Store.SaveLink(ctx, l); err != nil {
			return err
		}
		return s.record(ctx, act.LinkRevoked, l, "", nil)
	})
	return l, err
}

// LinksOfContracts reads the links of many contracts, the newest first.
func (s *Service) LinksOfContracts(ctx context.Context, contractIDs []string) (map[string][]CustomerLink, error) {
	scope, err := identity.Allow(ctx, identity.LinkRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.LinksOfContracts(ctx, scope, contractIDs)
	return batch.Group(rows, func(l CustomerLink) string { return l.ContractID }), err
}

// SendLetter mails a link or its newest code, in a job. What was overtaken
// meanwhile is not sent.
func (s *Service) SendLetter(ctx context.Context, kind LetterKind, linkID string, codeNumber int) error {
	if _, err := identity.Allow(ctx, identity.LinkSend); err != nil {
		return err
	}
	l, err := s.Store.LinkByID(ctx, linkID)
	if err != nil {
		return err
	}
	if !l.stands(s.now()) || kind == LetterCode && l.CodeNumber != codeNumber {
		return nil
	}
	who, err := s.Customers.Customer(ctx, l.CustomerID)
	if err != nil || who.Mail == "" {
		return err
	}
	letter := Letter{Kind: kind, To: who.Mail, Name: who.Name, Says: s.address(l.ID)}
	if kind == LetterCode {
		letter.Says = s.Key.code(l.ID, codeNumber)
	}
	return s.Mailer.DeliverLink(ctx, letter)
}

// How often links are tried within identity.AttemptWindow.
const (
	AddressTries = 60
	LinkTries    = 40
	CodeRequests = 5
)

// limit counts a try. It fails with fault.Limited past the limit; while the
// limiter is away nobody is kept out.
func (s *Service) limit(ctx context.Context, key string, limit int) error {
	ok, retryAfter, err := s.Limiter.Allow(ctx, "link:"+key, limit, identity.AttemptWindow)
	if err != nil || ok {
		return nil //nolint:nilerr // wrong codes are counted in the link itself
	}
	return fault.New(fault.Limited, "identity.too_many_attempts", int(retryAfter.Minutes())+1)
}

// standing locks the link that a secret opens, for one of these tries.
func (s *Service) standing(ctx context.Context, secret string) (*CustomerLink, error) {
	l, err := s.Store.LockLinkBySecret(ctx, hashOf(secret))
	if fault.CodeOf(err) == fault.NotFound || err == nil && !l.stands(s.now()) {
		return nil, errOver
	}
	return l, err
}

func (s *Service) try(ctx context.Context, secret string) error {
	if len(secret) > longestInput {
		return errOver
	}
	if from := identity.Address(ctx); from != "" {
		if err := s.limit(ctx, "address:"+from, AddressTries); err != nil {
			return err
		}
	}
	return s.limit(ctx, "try:"+hashOf(secret), LinkTries)
}

// RequestCustomerLinkCode tells the holder of a link how its code reaches them,
// and mails a new one where it goes by mail. It fails with fault.NotFound for
// every link that opens nothing.
func (s *Service) RequestCustomerLinkCode(ctx context.Context, in RequestCustomerLinkCodeInput) (CodeBy, error) {
	if err := s.try(ctx, in.Secret); err != nil {
		return "", err
	}
	var by CodeBy
	err := s.Do(ctx, func(ctx context.Context) error {
		l, err := s.standing(ctx, in.Secret)
		if err != nil {
			return err
		}
		if by = l.CodeBy; by == ByVoice {
			return nil
		}
		if err := s.limit(ctx, "code:"+l.ID, CodeRequests); err != nil {
			return err
		}
		if s.Post == nil {
			return errors.New("a link's code goes by mail and no mail is sent")
		}
		if err := l.renew(ByMail, s.now()); err != nil {
			return err
		}
		if err := s.Store.SaveLink(ctx, l); err != nil {
			return err
		}
		return s.Post.LinkLetterLater(ctx, LetterCode, l.ID, l.CodeNumber)
	})
	return by, err
}

// Entry is an access token of a customer's.
type Entry struct {
	AccessToken string
	ExpiresAt   time.Time
}

// OpenCustomerLink lets a browser in: the first that brings the code; from then
// on that browser alone, without one. It fails with fault.NotFound for every link
// that opens nothing.
func (s *Service) OpenCustomerLink(ctx context.Context, in OpenCustomerLinkInput) (*Entry, error) {
	if len(in.DeviceID) < shortestDevice || len(in.DeviceID) > longestInput {
		return nil, fault.New(fault.Invalid, "link.bad_device", shortestDevice).On("deviceId")
	}
	if err := s.try(ctx, in.Secret); err != nil {
		return nil, err
	}
	var l *CustomerLink
	var refused error
	err := s.Do(ctx, func(ctx context.Context) (err error) {
		if l, err = s.standing(ctx, in.Secret); err != nil {
			return err
		}
		code, fresh := strings.TrimSpace(in.Code), l.BrowserHash == ""
		refused = l.open(hashOf(in.DeviceID), code != "", sameText(code, s.Key.code(l.ID, l.CodeNumber)), s.now())
		if err := s.Store.SaveLink(ctx, l); err != nil || refused != nil || !fresh {
			return err // a wrong code stays counted
		}
		ctx = act.DoneBy(ctx, act.By{UserID: l.CustomerID})
		return s.record(ctx, act.LinkOpened, l, "", act.Facts{"codeBy": string(l.CodeBy)})
	})
	if err := errors.Join(err, refused); err != nil {
		return nil, err
	}
	return s.enter(l)
}

func (s *Service) enter(l *CustomerLink) (*Entry, error) {
	until := s.now().Add(EntryFor)
	if l.ExpiresAt.Before(until) {
		until = l.ExpiresAt
	}
	token, err := s.Tokens.Issue(identity.Actor{UserID: l.CustomerID, Persona: identity.Customer, SessionID: l.ID, ExpiresAt: until}, until)
	if err != nil {
		return nil, fmt.Errorf("issue token: %w", err)
	}
	return &Entry{AccessToken: token, ExpiresAt: until}, nil
}
