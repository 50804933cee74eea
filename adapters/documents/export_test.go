package documents

import (
	"errors"

	"dure/domain/deal"
)

// WonInWords is wonInWords, for its test.
var WonInWords = wonInWords

// CheckEvidence is what a verifier checks of events besides the hashes of files.
func CheckEvidence(c deal.SealedContract) error {
	ev := evidence{PaperSHA256: hexSHA256(c.Paper), Signature: c.Mark, Events: c.Events}
	return errors.Join(deal.VerifyEvidence(c.Events), ev.binds())
}
