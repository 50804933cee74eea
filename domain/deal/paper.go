package deal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"dure/domain/chain"
	"dure/domain/fault"
	"dure/domain/money"
)

// ContractPaper is everything that the paper of a contract says. It is rendered
// once, at the draft; what people sign is the SHA-256 of those very bytes.
type ContractPaper struct {
	Number    string    // printed on every page
	Language  string    // "ko" or "en"; anything else is "ko"
	DraftedAt time.Time // also the PDF's own date, so that equal papers are equal bytes
	Dealer    PaperParty
	Customer  PaperParty
	Lines     []QuoteLine
	ListTotal money.Won // sum of the lines
	Discount  money.Won
	TradeIn   TradeIn
	Total     money.Won // ListTotal − Discount − TradeIn.Amount, VAT included
	Payment   PaperPayment
	Delivery  PaperDelivery
	Clauses   []PaperText // the terms of sale, numbered as they come
	Consents  []PaperText // what the customer is asked to consent to
	Remarks   string
}

// PaperParty is one side of a contract. Empty fields are left out.
type PaperParty struct {
	Name           string
	BusinessNumber string // 123-45-67890
	Representative string // who speaks for the dealer
	Phone          string
	Address        string
}

// PaperPayment is how the customer pays.
type PaperPayment struct {
	Method      string // in the paper's language, such as "할부 금융"
	Programme   string // the finance programme's name, "" without one
	RateBP      int    // a year, in basis points
	Months      int
	DownPayment money.Won
	Financed    money.Won // Total − DownPayment
	Monthly     money.Won
}

// PaperDelivery is where and when the machine is handed over.
type PaperDelivery struct {
	Place string
	Due   string // in the paper's language, such as "2026년 4월 중"
}

// PaperText is a text of a known version: a clause or a consent.
type PaperText struct {
	Key      string // such as "privacy.finance"
	Version  string
	Title    string
	Text     string
	Optional bool // a consent that the contract does not depend on
}

// Check fails when p lacks what every contract has or its amounts do not add up.
func (p ContractPaper) Check() error {
	if p.Number == "" || p.Dealer.Name == "" || p.Customer.Name == "" || p.DraftedAt.IsZero() || len(p.Lines) == 0 {
		return errors.New("contract paper: number, dealer, customer, date and a line are needed")
	}
	var list money.Won
	for _, l := range p.Lines {
		list += l.Amount
	}
	if list != p.ListTotal || p.Total != p.ListTotal-p.Discount-p.TradeIn.Amount {
		return fmt.Errorf("contract paper %s: the amounts do not add up", p.Number)
	}
	return nil
}

// The bounds of a drawn signature.
const (
	MaxSignatureStrokes = 200
	MaxSignaturePoints  = 10_000
	MaxSignatureSide    = 10_000 // of the box, in the device's units
)

// Point is one place of the pen.
type Point struct {
	X float64 `json:"x"` // from the left of the box
	Y float64 `json:"y"` // from its top
	T int64   `json:"t"` // milliseconds since the first point; 0 when unknown
}

// SignatureMark is a signature as it was drawn: the pen's strokes in a box.
type SignatureMark struct {
	Strokes    [][]Point `json:"strokes"`
	Width      float64   `json:"width"`
	Height     float64   `json:"height"`
	SignerName string    `json:"signerName"`
	DeviceID   string    `json:"deviceId"`
	SignedAt   time.Time `json:"signedAt"`   // the device's time
	ReceivedAt time.Time `json:"receivedAt"` // the server's time
}

// Check fails with fault.Invalid on "signature": contract.signature_missing when
// fewer than two different points were drawn, contract.signature_bad when it is
// too large or leaves its box.
func (m SignatureMark) Check() error {
	bad := fault.New(fault.Invalid, "contract.signature_bad").On("signature")
	points := 0
	for _, stroke := range m.Strokes {
		points += len(stroke)
	}
	if points == 0 {
		return fault.New(fault.Invalid, "contract.signature_missing").On("signature")
	}
	if len(m.Strokes) > MaxSignatureStrokes || points > MaxSignaturePoints || !side(m.Width) || !side(m.Height) {
		return bad
	}
	var first *Point
	drawn := false
	for _, stroke := range m.Strokes {
		for _, p := range stroke {
			// The negation refuses NaN too.
			if !(p.X >= 0 && p.X <= m.Width && p.Y >= 0 && p.Y <= m.Height) || p.T < 0 {
				return bad
			}
			if first == nil {
				first = &p
			}
			drawn = drawn || p.X != first.X || p.Y != first.Y
		}
	}
	if !drawn {
		return fault.New(fault.Invalid, "contract.signature_missing").On("signature")
	}
	return nil
}

func side(length float64) bool { return length > 0 && length <= MaxSignatureSide }

// SHA256 is the hex hash of the strokes and their box, to a hundredth of a unit,
// so that it survives JSON and databases.
func (m SignatureMark) SHA256() string {
	parts := []string{hundredths(m.Width), hundredths(m.Height)}
	for _, stroke := range m.Strokes {
		line := make([]byte, 0, 24*len(stroke))
		for _, p := range stroke {
			line = fmt.Appendf(line, "%s,%s,%d;", hundredths(p.X), hundredths(p.Y), p.T)
		}
		parts = append(parts, string(line))
	}
	return chain.Next(chain.Genesis, parts...)
}

func hundredths(f float64) string { return strconv.FormatInt(int64(math.Round(f*100)), 10) }

// What happens to a contract that is evidence.
const (
	EvidenceDrafted = "contract.drafted" // the paper was rendered
	EvidenceRead    = "contract.read"    // the customer was shown it
	EvidenceConsent = "consent.given"
	EvidenceSigned  = "contract.signed"
)

// The details of evidence that a verifier looks for.
const (
	DetailPaper     = "paperSha256"
	DetailSignature = "signatureSha256"
	DetailDevice    = "deviceId"
	DetailReceived  = "receivedAt"   // RFC 3339, UTC
	DetailLink      = "customerLink" // by which the customer signed; there is none on the tablet
	DetailCodeBy    = "codeBy"       // how that link's code reached them
	DetailBrowser   = "browserSha256"
	DetailConsent   = "consent"
	DetailVersion   = "version"
)

// EvidenceEvent is one link of a contract's evidence. It carries ids and hashes,
// never personal data.
type EvidenceEvent struct {
	Seq     int               `json:"seq"` // from 1, without gaps
	Kind    string            `json:"kind"`
	At      time.Time         `json:"at"` // when it happened, to the microsecond
	ActorID string            `json:"actorId"`
	Detail  map[string]string `json:"detail,omitempty"`
	Hash    string            `json:"hash"`
}

// Parts are what e's hash covers besides the hash before it: everything, with
// the details in order of their names.
func (e EvidenceEvent) Parts() []string {
	parts := []string{strconv.Itoa(e.Seq), e.Kind, e.At.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano), e.ActorID}
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		parts = append(parts, name, e.Detail[name])
	}
	return parts
}

// Follow returns e as the link after previous (nil for the first): numbered,
// its time cut to the microsecond, and hashed.
func (e EvidenceEvent) Follow(previous *EvidenceEvent) EvidenceEvent {
	hash := chain.Genesis
	e.Seq = 1
	if previous != nil {
		hash, e.Seq = previous.Hash, previous.Seq+1
	}
	e.At = e.At.UTC().Truncate(time.Microsecond)
	e.Hash = chain.Next(hash, e.Parts()...)
	return e
}

// VerifyEvidence checks that events are numbered from 1 without gaps and that
// every hash follows the one before it.
func VerifyEvidence(events []EvidenceEvent) error {
	links := make([]chain.Link, len(events))
	for i, e := range events {
		if e.Seq != i+1 {
			return fmt.Errorf("event %d of %d is numbered %d", i+1, len(events), e.Seq)
		}
		links[i] = chain.Link{Parts: e.Parts(), Hash: e.Hash}
	}
	return chain.Verify(links)
}

// SignedEvidence is the event that binds the mark to the paper that was read.
// It still has to Follow the one before it.
func SignedEvidence(m SignatureMark, actorID, paperSHA256 string) EvidenceEvent {
	return EvidenceEvent{Kind: EvidenceSigned, At: m.SignedAt, ActorID: actorID, Detail: map[string]string{
		DetailPaper:     paperSHA256,
		DetailSignature: m.SHA256(),
		DetailDevice:    m.DeviceID,
		DetailReceived:  m.ReceivedAt.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano),
	}}
}

// SealedContract is what goes into the package that stands without the server.
type SealedContract struct {
	ContractID string
	Number     string
	Language   string // of the signature page, as ContractPaper.Language
	Paper      []byte // the exact PDF that was rendered at the draft and read
	Mark       SignatureMark
	Consents   []PaperText // what was consented to; only keys, versions and titles are used
	Events     []EvidenceEvent
}

// Papers makes the documents of a contract. It is safe for concurrent use.
type Papers interface {
	// Render returns the PDF of p: the same bytes for the same paper, always.
	Render(p ContractPaper) ([]byte, error)
	// Seal returns the package of a signed contract, a ZIP that can be checked
	// without the server. It fails when the evidence does not bind the paper and the mark.
	Seal(ctx context.Context, c SealedContract) ([]byte, error)
}
