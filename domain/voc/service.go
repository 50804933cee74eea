package voc

import (
	"context"
	"io"
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
	"dure/domain/link"
	"dure/domain/page"
	"dure/domain/text"
	"dure/domain/work"
)

// Store keeps voices, their answers and files. Reads that take a scope see its
// rows alone; saves fail with fault.Conflict when somebody changed the row since.
type Store interface {
	Voice(ctx context.Context, scope identity.Scope, id string) (*Voice, error)
	Voices(ctx context.Context, scope identity.Scope, f VoiceFilter, now time.Time, r page.Request) ([]Voice, int, error)
	VoicesByID(ctx context.Context, scope identity.Scope, ids []string) ([]Voice, error)
	// VoicesSince reads what was received at that moment or later, the oldest first.
	VoicesSince(ctx context.Context, scope identity.Scope, since time.Time, limit int) ([]Voice, error)
	// VoicesToEscalate reads the ids of those whose time has come.
	VoicesToEscalate(ctx context.Context, now time.Time, limit int) ([]string, error)
	AddVoice(ctx context.Context, v *Voice) error
	SaveVoice(ctx context.Context, v *Voice) error
	AddAnswer(ctx context.Context, a *VoiceAnswer) error
	// AnswersOf reads answers by voice, in their order.
	AnswersOf(ctx context.Context, voiceIDs []string) ([]VoiceAnswer, error)
	AddFile(ctx context.Context, f *VoiceFile) error
	File(ctx context.Context, sha256, keptBy string) (*VoiceFile, error)
}

// Files keeps bytes under their SHA-256, written before the commit that names
// them.
type Files interface {
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	Get(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// Bell tells every node that something happened. A ring may be lost.
type Bell interface {
	Ring(ctx context.Context, topic string)
	Listen(ctx context.Context, topic string) <-chan struct{}
}

// Service hears people.
type Service struct {
	work.Kit
	Store     Store
	Ideas     IdeaStore
	Acts      act.Recorder
	Cursors   page.Codec
	Files     Files
	Bell      Bell
	Channel   *channel.Service
	Catalogue *catalogue.Service
	Customers *customer.Service
	Deals     *deal.Service
	Links     *link.Service
	People    *identity.Service
}

// Limits of what is kept of a voice.
const (
	MaxText   = 4_000
	MaxScreen = 200
	MaxSerial = 40
)

// bell is the topic that rings when a voice came in.
const bell = "voices"

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// SendVoice takes what somebody says, and routes it by its kind and region.
func (s *Service) SendVoice(ctx context.Context, in SendVoiceInput) (*Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceSend)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	var v *Voice
	err = s.Once(ctx, in.IdempotencyKey, "sendVoice", in, &v, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		id, err := s.IDFor("voi", in.ID)
		if err != nil {
			return err
		}
		v = &Voice{
			ID: id, Kind: in.Kind, Status: VoiceReceived, Text: strings.TrimSpace(in.Text), Photos: []string{}, Audio: in.AudioSha256,
			SenderID: scope.UserID, SenderPersona: identity.From(ctx).Persona, SerialNumber: strings.TrimSpace(in.SerialNumber), Screen: in.Screen,
			OccurredAt: at, ReceivedAt: s.now(), Version: 1,
		}
		v.Photos = append(v.Photos, in.PhotoSha256s...)
		if err := s.place(ctx, v, in); err != nil {
			return err
		}
		if err := s.owned(ctx, v); err != nil {
			return err
		}
		v.route()
		if err := s.Store.AddVoice(ctx, v); err != nil {
			return work.IDTaken(err, in.ID)
		}
		return s.record(ctx, act.VoiceSent, v, at, act.Facts{
			"kind": string(v.Kind), "team": string(v.Team), "byStaff": v.SenderPersona == identity.Dealer,
			"withinHours": v.ReceivedAt.Sub(at).Hours(), "photos": len(v.Photos), "spoken": v.Audio != "",
		})
	})
	if err != nil {
		return nil, err
	}
	s.Bell.Ring(ctx, bell)
	return v, nil
}

// check looks at what in says by itself.
func (in SendVoiceInput) check() error {
	if _, ok := routes[in.Kind]; !ok {
		return fault.New(fault.Invalid, "voice.bad_kind").On("kind")
	}
	if strings.TrimSpace(in.Text) == "" && in.AudioSha256 == "" && len(in.PhotoSha256s) == 0 {
		return fault.New(fault.Invalid, "voice.empty").On("text")
	}
	if err := text.Check(in.Text, MaxText, "text"); err != nil {
		return err
	}
	if err := text.Check(in.SerialNumber, MaxSerial, "serialNumber"); err != nil {
		return err
	}
	if err := text.Check(in.Screen, MaxScreen, "screen"); err != nil {
		return err
	}
	if len(in.PhotoSha256s) > MaxPhotos {
		return fault.New(fault.Invalid, "text.too_many", MaxPhotos).On("photoSha256s")
	}
	return nil
}

// place says whose dealer, customer, contract and product v is about, each within
// the sender's reach.
func (s *Service) place(ctx context.Context, v *Voice, in SendVoiceInput) error {
	if v.SenderPersona == identity.Customer {
		return s.placeByLink(ctx, v, in)
	}
	v.DealerID, v.CustomerID, v.ContractID = identity.From(ctx).DealerID, in.CustomerID, in.ContractID
	if in.ContractID != "" {
		c, err := s.Deals.Contract(ctx, in.ContractID)
		if err != nil {
			return fault.Refer(err, "contractId")
		}
		if in.CustomerID != "" && in.CustomerID != c.CustomerID {
			return fault.New(fault.Invalid, "voice.other_customer").On("customerId")
		}
		v.CustomerID, v.DealerID = c.CustomerID, c.DealerID
	} else if in.CustomerID != "" {
		c, err := s.Customers.Customer(ctx, in.CustomerID)
		if err != nil {
			return fault.Refer(err, "customerId")
		}
		v.DealerID = c.DealerID
	}
	return s.placeProduct(ctx, v, in.ProductID)
}

// placeByLink is place for a customer: what their link leads to, and nothing else.
func (s *Service) placeByLink(ctx context.Context, v *Voice, in SendVoiceInput) error {
	mine, err := s.Links.Mine(ctx)
	if err != nil {
		return err
	}
	if in.CustomerID != "" && in.CustomerID != mine.CustomerID {
		return fault.New(fault.NotFound, "customer.not_found").On("customerId")
	}
	if in.ContractID != "" && in.ContractID != mine.ContractID {
		return fault.New(fault.NotFound, "contract.not_found").On("contractId")
	}
	v.DealerID, v.CustomerID, v.ContractID = mine.DealerID, mine.CustomerID, mine.ContractID
	return s.placeProduct(identity.OnBehalf(ctx), v, in.ProductID)
}

func (s *Service) placeProduct(ctx context.Context, v *Voice, productID string) error {
	if productID != "" {
		if _, err := s.Catalogue.Product(ctx, productID); err != nil {
			return fault.Refer(err, "productId")
		}
		v.ProductID = productID
	}
	if v.DealerID == "" {
		return nil
	}
	d, err := s.Channel.Dealer(ctx, v.DealerID)
	if err != nil {
		return err
	}
	v.RegionCode = d.RegionCode
	return nil
}

// owned fails unless the sender has handed in every file that v names.
func (s *Service) owned(ctx context.Context, v *Voice) error {
	for _, sha := range v.Photos {
		if err := s.hasFile(ctx, sha, v.SenderID, "image/", "photoSha256s"); err != nil {
			return err
		}
	}
	if v.Audio == "" {
		return nil
	}
	return s.hasFile(ctx, v.Audio, v.SenderID, "audio/", "audioSha256")
}

func (s *Service) hasFile(ctx context.Context, sha, keptBy, kind, field string) error {
	f, err := s.Store.File(ctx, sha, keptBy)
	if fault.CodeOf(err) == fault.NotFound || err == nil && !strings.HasPrefix(f.Type, kind) {
		return fault.New(fault.NotFound, "voice.no_file").On(field)
	}
	return err
}

// record records an act about a voice.
func (s *Service) record(ctx context.Context, kind act.Kind, v *Voice, at time.Time, facts act.Facts) error {
	a := s.Act(ctx, kind, v.ID, at, facts)
	a.DealerID, a.CustomerID = v.DealerID, v.CustomerID
	return s.Acts.Record(ctx, a)
}

// Voice reads a voice by id. It fails with fault.NotFound.
func (s *Service) Voice(ctx context.Context, id string) (*Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Voice(ctx, scope, id)
}

// VoicesByID reads many voices.
func (s *Service) VoicesByID(ctx context.Context, ids []string) (map[string]Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.VoicesByID(ctx, scope, ids)
	return batch.By(rows, func(v Voice) string { return v.ID }), err
}

// Voices lists voices, the newest first: a dealer's own staff's, those of a rep's
// dealers, a customer's own, all for headquarters.
func (s *Service) Voices(ctx context.Context, f *VoiceFilter, first *int, after *string) (*VoiceConnection, error) {
	scope, err := identity.Allow(ctx, identity.VoiceRead)
	if err != nil {
		return nil, err
	}
	const list = "voices"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &VoiceFilter{}
	}
	rows, total, err := s.Store.Voices(ctx, scope, *f, s.now(), r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(v Voice) []string { return page.Moment(v.ReceivedAt, v.ID) }), nil
}

// AnswersOf reads the answers to many voices.
func (s *Service) AnswersOf(ctx context.Context, voiceIDs []string) (map[string][]VoiceAnswer, error) {
	scope, err := identity.Allow(ctx, identity.VoiceRead)
	if err != nil {
		return nil, err
	}
	within, err := s.Store.VoicesByID(ctx, scope, voiceIDs)
	if err != nil || len(within) == 0 {
		return nil, err
	}
	ids := make([]string, len(within))
	for i, v := range within {
		ids[i] = v.ID
	}
	rows, err := s.Store.AnswersOf(ctx, ids)
	return batch.Group(rows, func(a VoiceAnswer) string { return a.VoiceID }), err
}

// NamesOf reads the names of whoever sent, answered or looks after voices that
// the caller has read: people, and customers of links.
func (s *Service) NamesOf(ctx context.Context, ids []string) (map[string]string, error) {
	if _, err := identity.Allow(ctx, identity.VoiceRead); err != nil {
		return nil, err
	}
	ctx = identity.OnBehalf(ctx)
	names, err := s.People.NamesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	customers, err := s.Customers.CustomersByID(ctx, ids)
	for id, c := range customers {
		names[id] = c.Name
	}
	return names, err
}
