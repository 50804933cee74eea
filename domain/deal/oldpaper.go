package deal

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"dure/domain/fault"
)

// oldPaperRemark says on a rendered old contract what it is not.
const oldPaperRemark = "보관된 거래 기록으로 다시 만든 계약서입니다. 서명의 증거는 아닙니다."

// oldPaper renders the PDF of a digital contract that came from elsewhere
// without one. Nobody signed these bytes: they are not kept, the contract has no
// evidence, and the paper says so.
func (s *Service) oldPaper(ctx context.Context, c *Contract) (io.ReadCloser, error) {
	if c.Channel != Digital || c.QuoteID == "" {
		return nil, fault.New(fault.NotFound, "contract.no_file")
	}
	q, err := s.Quote(ctx, c.QuoteID)
	if err != nil {
		return nil, err
	}
	paper, err := s.paper(ctx, c, q)
	if err != nil {
		return nil, err
	}
	paper.Remarks = oldPaperRemark
	pdf, err := s.Papers.Render(paper)
	if err != nil {
		return nil, fmt.Errorf("render old contract: %w", err)
	}
	return io.NopCloser(bytes.NewReader(pdf)), nil
}
