package lending

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"strconv"
	"strings"
	"time"

	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
)

// LinkValidity is how long a signed link opens its file.
const LinkValidity = 5 * time.Minute

// SignedLink opens one file to whoever holds it, for a short while.
type SignedLink struct {
	URL       string
	ExpiresAt time.Time
}

// Links signs links and reads them back.
type Links struct{ Key []byte }

// What a link leads to.
const (
	linkPaper    = "paper"
	linkDocument = "document"
)

// partsOfLink are kind, id, user, organisation and the moment of its end.
const partsOfLink = 5

func (l Links) mac(payload string) []byte {
	m := hmac.New(sha256.New, l.Key)
	m.Write([]byte(payload))
	return m.Sum(nil)
}

// Sign makes a link's token of what the link says.
func (l Links) Sign(parts ...string) string {
	payload := strings.Join(parts, "\x1f")
	return base64.RawURLEncoding.EncodeToString(append(l.mac(payload), payload...))
}

// Open returns what a token says that Sign made of so many parts. It fails with
// fault.NotFound for any other.
func (l Links) Open(token string, count int) ([]string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < sha256.Size || strings.ContainsAny(token, "\r\n") { // which base64 passes over
		return nil, errNoLink
	}
	payload := string(raw[sha256.Size:])
	if !hmac.Equal(raw[:sha256.Size], l.mac(payload)) {
		return nil, errNoLink
	}
	parts := strings.Split(payload, "\x1f")
	if len(parts) != count {
		return nil, errNoLink
	}
	return parts, nil
}

// errNoLink is what every link gets that opens nothing, so that it tells nothing.
var errNoLink = fault.New(fault.NotFound, "file.not_found")

// link makes a link for the caller.
func (s *Service) link(ctx context.Context, kind, id string) *SignedLink {
	who, until := identity.From(ctx), s.now().Add(LinkValidity)
	return &SignedLink{
		URL:       "/files/shared/" + s.Links.Sign(kind, id, who.UserID, who.OrganizationID, strconv.FormatInt(until.UnixMicro(), 10)),
		ExpiresAt: until,
	}
}

// DocumentLink is a link to what was handed in; nil when nothing was.
func (s *Service) DocumentLink(ctx context.Context, w Stipulation) (*SignedLink, error) {
	if _, err := identity.Allow(ctx, identity.FinanceRead); err != nil {
		return nil, err
	}
	if w.FileSHA256 == "" {
		return nil, nil
	}
	return s.link(ctx, linkDocument, w.ID), nil
}

// SharedFile is a file that a link opens. The caller closes Content.
type SharedFile struct {
	Content io.ReadCloser
	Type    string
	Name    string
}

// FileByLink opens what a link leads to, as whoever the link was made for: what
// has been closed to them since is not opened. It fails with fault.NotFound.
func (s *Service) FileByLink(ctx context.Context, token string) (*SharedFile, error) {
	parts, err := s.Links.Open(token, partsOfLink)
	if err != nil {
		return nil, err
	}
	until, err := strconv.ParseInt(parts[4], 10, 64)
	if err != nil || s.now().UnixMicro() >= until {
		return nil, errNoLink
	}
	scope := identity.Scope{Reach: identity.OwnOrganization, UserID: parts[2], OrganizationID: parts[3]}
	if parts[0] == linkPaper {
		return s.paper(ctx, scope, parts[1])
	}
	return s.document(ctx, scope, parts[1])
}

func (s *Service) paper(ctx context.Context, scope identity.Scope, contractID string) (*SharedFile, error) {
	if err := s.look(ctx, scope, contractID, look{subjectID: contractID, what: LookPaper, items: itemsOfPaper}); err != nil {
		return nil, err
	}
	content, err := s.Deals.PaperFile(asPlatform(ctx), contractID)
	if err != nil {
		return nil, err
	}
	return &SharedFile{Content: content, Type: "application/pdf", Name: "contract.pdf"}, nil
}

func (s *Service) document(ctx context.Context, scope identity.Scope, id string) (*SharedFile, error) {
	w, err := s.Store.Stipulation(ctx, everything, id)
	if err != nil || w.FileSHA256 == "" {
		return nil, errNoLink
	}
	if w.LenderID == scope.OrganizationID {
		l := look{subjectID: w.ID, what: LookDocument, items: []customer.ConsentItem{customer.ItemContract}}
		if err := s.look(ctx, scope, w.ApplicationID, l); err != nil {
			return nil, err
		}
	}
	content, err := s.Files.Get(ctx, w.FileSHA256)
	if err != nil {
		return nil, err
	}
	names := map[string]string{"application/pdf": "document.pdf", "image/jpeg": "document.jpg", "image/png": "document.png"}
	return &SharedFile{Content: content, Type: w.FileType, Name: names[w.FileType]}, nil
}

// look checks that all of l's items are open in a row that is shared, and has
// the look written down.
func (s *Service) look(ctx context.Context, scope identity.Scope, rowID string, l look) error {
	return s.Do(ctx, func(ctx context.Context) error {
		shares, err := s.Store.SharesOfRows(ctx, scope.OrganizationID, []string{rowID})
		if err != nil {
			return err
		}
		if len(shares) == 0 || !shares[0].Opens(l.items...) {
			return errNoLink
		}
		l.customerID = shares[0].CustomerID
		return s.write(ctx, scope, []look{l})
	})
}
