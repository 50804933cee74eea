package documents

import (
	"fmt"
	"strconv"
	"strings"

	"dure/domain/deal"
)

// Render returns the PDF of p: the same bytes for the same paper, always. It
// fails when p does not Check.
func (d *Documents) Render(p deal.ContractPaper) ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	l := labelsFor(p.Language)
	s := newSheet(l.title+" "+p.Number, language(l), p.DraftedAt)
	s.contractHead(l, p)
	s.parties(l, p)
	s.lines(l, p)
	s.totals(l, p)
	s.payment(l, p)
	if p.Delivery != (deal.PaperDelivery{}) {
		s.heading(l.delivery)
		s.facts(margin, 32, bodyWidth, l.place, p.Delivery.Place, l.due, p.Delivery.Due)
	}
	if p.Remarks != "" {
		s.heading(l.remarks)
		s.paragraph(margin, bodyWidth, font{false, 9}, ink, p.Remarks)
	}
	s.texts(l.clauses, p.Clauses, func(i int, t deal.PaperText) string {
		if l.korean {
			return fmt.Sprintf("제%d조 (%s)", i+1, t.Title)
		}
		return fmt.Sprintf("%d. %s", i+1, t.Title)
	})
	s.texts(l.consents, p.Consents, func(_ int, t deal.PaperText) string {
		return t.Title + l.parenthesis(t.Optional) + "  ·  " + t.Key + " " + t.Version
	})
	s.need(18)
	s.y += 7
	s.box(s.y, bodyWidth, 9, tint)
	s.text(margin+4, s.y+2, font{false, 8.5}, ink, 0, l.binding)
	return s.finish(l.title+"  ·  "+l.number+" "+p.Number, pageOf)
}

func language(l labels) string {
	if l.korean {
		return "ko-KR"
	}
	return "en"
}

func pageOf(page, of int) string { return strconv.Itoa(page) + " / " + strconv.Itoa(of) }

func (s *sheet) contractHead(l labels, p deal.ContractPaper) {
	s.text(margin, s.y, font{true, 21}, ink, 0, l.title)
	s.text(pageWidth-margin, s.y+0.5, font{true, 10}, ink, 1, l.number+"  "+p.Number)
	s.text(pageWidth-margin, s.y+6, font{false, 9}, quiet, 1, l.drafted+"  "+l.day(p.DraftedAt))
	s.y += 14
	s.rule(s.y, 0.7, accent)
	s.y += 5
}

// parties stand side by side.
func (s *sheet) parties(l labels, p deal.ContractPaper) {
	const gap = 8
	width := (bodyWidth - gap) / 2
	top, bottom := s.y, s.y
	for i, party := range []struct {
		label string
		of    deal.PaperParty
	}{{l.seller, p.Dealer}, {l.buyer, p.Customer}} {
		x := margin + float64(i)*(width+gap)
		s.y = top
		s.text(x, s.y, font{true, 9}, accent, 0, party.label)
		s.y += 6
		for _, name := range s.wrap(font{true, 12.5}, width, short(party.of.Name)) {
			s.text(x, s.y, font{true, 12.5}, ink, 0, name)
			s.y += 7
		}
		s.y++
		s.facts(x, 27, width,
			l.business, short(party.of.BusinessNumber), l.representative, short(party.of.Representative),
			l.phone, short(party.of.Phone), l.address, short(party.of.Address))
		bottom = max(bottom, s.y)
	}
	s.y = bottom
}

// short keeps a party's field within the first page.
func short(text string) string {
	const most = 160
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

func (s *sheet) lines(l labels, p deal.ContractPaper) {
	const quantity, unit, amount = margin + 104, margin + 138, pageWidth - margin - 3
	head, body, small := font{true, 8.5}, font{false, 9.5}, font{false, 8.5}
	s.y += 5
	s.need(30)
	s.box(s.y, bodyWidth, 7.5, tint)
	s.text(margin+3, s.y+1.5, head, quiet, 0, l.product)
	s.text(quantity, s.y+1.5, head, quiet, 1, l.quantity)
	s.text(unit, s.y+1.5, head, quiet, 1, l.unit)
	s.text(amount, s.y+1.5, head, quiet, 1, l.amount)
	s.y += 9.5
	for _, q := range p.Lines {
		s.need(16)
		s.text(quantity, s.y, body, ink, 1, strconv.Itoa(q.Quantity))
		s.text(unit, s.y, body, ink, 1, l.won(q.UnitPrice))
		s.text(amount, s.y, font{true, 9.5}, ink, 1, l.won(q.Amount))
		s.paragraph(margin+3, 92, font{true, 10}, ink, q.ProductName)
		model := q.ModelCode
		if q.Horsepower > 0 {
			model = strings.TrimSpace(model + "  " + strconv.Itoa(q.Horsepower) + map[bool]string{true: "마력", false: " hp"}[l.korean])
		}
		if model != "" {
			s.paragraph(margin+3, 92, small, quiet, model)
		}
		for _, o := range q.Options {
			s.need(small.leading())
			s.text(unit, s.y, small, quiet, 1, "+ "+l.won(o.Price))
			s.paragraph(margin+3, 92, small, quiet, l.options+" · "+o.Name)
		}
		s.y += 2
		s.rule(s.y, 0.2, line)
		s.y += 2.5
	}
}

// totals end in the price, large, in digits and in words.
func (s *sheet) totals(l labels, p deal.ContractPaper) {
	const label, amount = margin + 104, pageWidth - margin - 3
	plain := font{false, 9.5}
	s.need(50)
	row := func(name, value string) {
		s.text(label, s.y, plain, quiet, 0, name)
		s.text(amount, s.y, plain, ink, 1, value)
		s.y += 6
	}
	row(l.list, l.won(p.ListTotal))
	if p.Discount != 0 {
		row(l.discount, "− "+l.won(p.Discount))
	}
	if p.TradeIn.Amount != 0 {
		row(l.tradeIn, "− "+l.won(p.TradeIn.Amount))
	}
	if p.TradeIn.Description != "" {
		for _, t := range s.wrap(font{false, 8}, amount-label, short(p.TradeIn.Description)) {
			s.text(label, s.y, font{false, 8}, quiet, 0, t)
			s.y += 4.5
		}
	}
	s.y += 2
	s.need(22)
	s.box(s.y, bodyWidth, 20, tint)
	s.text(margin+5, s.y+3, font{true, 10.5}, accent, 0, l.total)
	s.text(margin+5, s.y+11, font{false, 8.5}, quiet, 0, l.vat)
	s.text(amount-2, s.y+1.5, font{true, 19}, ink, 1, l.won(p.Total))
	s.text(amount-2, s.y+12.5, font{false, 9}, quiet, 1, wonInWords(p.Total))
	s.y += 22
}

func (s *sheet) payment(l labels, p deal.ContractPaper) {
	pay := p.Payment
	if pay == (deal.PaperPayment{}) {
		return
	}
	s.heading(l.payment)
	pairs := []string{l.method, pay.Method, l.programme, pay.Programme}
	if pay.DownPayment > 0 {
		pairs = append(pairs, l.down, l.won(pay.DownPayment))
	}
	if pay.Months > 0 {
		pairs = append(pairs, l.financed, l.won(pay.Financed),
			l.rate, percent(pay.RateBP), l.months, l.term(pay.Months), l.month, l.won(pay.Monthly))
	}
	s.facts(margin, 32, bodyWidth, pairs...)
}

func (s *sheet) texts(heading string, texts []deal.PaperText, title func(int, deal.PaperText) string) {
	if len(texts) == 0 {
		return
	}
	s.heading(heading)
	for i, t := range texts {
		s.need(12)
		s.paragraph(margin, bodyWidth, font{true, 9}, ink, title(i, t))
		s.paragraph(margin, bodyWidth, font{false, 8.5}, ink, t.Text)
		s.y += 2.2
	}
}
