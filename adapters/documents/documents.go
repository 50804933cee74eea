package documents

import (
	"time"

	"dure/domain/deal"
)

// Documents renders and seals contracts. It is safe for concurrent use.
type Documents struct {
	signer *Signer
	now    func() time.Time
}

var _ deal.Papers = (*Documents)(nil)

// New returns the documents of a deployment whose packages signer signs at the
// time that now tells.
func New(signer *Signer, now func() time.Time) *Documents {
	return &Documents{signer: signer, now: now}
}
