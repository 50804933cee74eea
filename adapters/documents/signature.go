package documents

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"strconv"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/sign"

	"dure/domain/deal"
)

// signatureSheet draws the page that follows the contract once it is signed.
func (d *Documents) signatureSheet(c deal.SealedContract, paperSHA256 string) ([]byte, error) {
	l, m := labelsFor(c.Language), c.Mark
	s := newSheet(l.signing+" "+c.Number, language(l), m.ReceivedAt)
	s.text(margin, s.y, font{true, 21}, ink, 0, l.signing)
	s.text(pageWidth-margin, s.y+0.5, font{true, 10}, ink, 1, l.number+"  "+c.Number)
	s.y += 14
	s.rule(s.y, 0.7, accent)
	s.y += 6
	s.mark(m)
	s.facts(margin, 42, bodyWidth,
		l.signer, short(m.SignerName), l.signedAt, l.moment(m.SignedAt), l.receivedAt, l.moment(m.ReceivedAt), l.device, short(m.DeviceID))
	s.heading(l.paperHash)
	s.paragraph(margin, bodyWidth, font{true, 9.5}, ink, fours(paperSHA256))
	s.heading(l.markHash)
	s.paragraph(margin, bodyWidth, font{false, 9}, ink, fours(m.SHA256()))
	if len(c.Consents) > 0 {
		s.heading(l.consented)
		for _, t := range c.Consents {
			s.paragraph(margin, bodyWidth, font{false, 9}, ink, "✓  "+t.Title+"  ·  "+t.Key+" "+t.Version)
		}
	}
	s.heading(l.evidence)
	small := font{false, 8}
	for _, e := range c.Events {
		s.need(small.leading())
		s.text(margin, s.y, small, quiet, 0, strconv.Itoa(e.Seq))
		s.text(margin+8, s.y, small, ink, 0, e.Kind)
		s.text(margin+58, s.y, small, ink, 0, l.moment(e.At))
		s.text(pageWidth-margin, s.y, small, quiet, 1, e.Hash[:min(len(e.Hash), 16)]+"…")
		s.y += small.leading()
	}
	s.need(16)
	s.y += 5
	s.paragraph(margin, bodyWidth, font{false, 8.5}, quiet, l.seal)
	return s.finish(l.signing+"  ·  "+l.number+" "+c.Number, pageOf)
}

// mark draws the strokes as they were drawn, in a box of the same shape.
func (s *sheet) mark(m deal.SignatureMark) {
	const width, height, pad = 100.0, 44.0, 3.0
	s.box(s.y, width, height, tint)
	scale := min((width-2*pad)/m.Width, (height-2*pad)/m.Height)
	left := margin + (width-scale*m.Width)/2
	top := s.y + (height-scale*m.Height)/2
	s.pdf.SetDrawColor(ink[0], ink[1], ink[2])
	s.pdf.SetLineWidth(0.6)
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineJoinStyle("round")
	for _, stroke := range m.Strokes {
		for i, p := range stroke {
			x, y := left+scale*p.X, top+scale*p.Y
			if i == 0 {
				s.pdf.MoveTo(x, y)
				if len(stroke) == 1 {
					s.pdf.LineTo(x, y) // a dot
				}
				continue
			}
			s.pdf.LineTo(x, y)
		}
		if len(stroke) > 0 {
			s.pdf.DrawPath("D")
		}
	}
	s.pdf.SetLineCapStyle("butt")
	s.y += height + 5
}

// fours sets a space after every four characters, for reading aloud.
func fours(hash string) string {
	var out bytes.Buffer
	for i, c := range hash {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// signPDF adds the deployment's signature (CMS, detached) over the whole
// document as one more incremental update, with a time stamp when there is an
// authority for it. Contract numbers and ids are ASCII; the signing library
// writes nothing else safely.
func (d *Documents) signPDF(document []byte, number string) ([]byte, error) {
	reader, err := pdf.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		return nil, fmt.Errorf("sign PDF: %w", err)
	}
	var out bytes.Buffer
	err = sign.Sign(bytes.NewReader(document), &out, reader, int64(len(document)), sign.SignData{
		Signature: sign.SignDataSignature{
			CertType:   sign.CertificationSignature,
			DocMDPPerm: sign.DoNotAllowAnyChangesPerms,
			Info:       sign.SignDataSignatureInfo{Name: "Dure contract seal", Reason: "Seal of contract " + ascii(number), Date: d.now().UTC()},
		},
		Signer:            d.signer.Key,
		DigestAlgorithm:   crypto.SHA256,
		Certificate:       d.signer.Certificate,
		CertificateChains: [][]*x509.Certificate{append([]*x509.Certificate{d.signer.Certificate}, d.signer.Chain...)},
		TSA:               sign.TSA{URL: d.signer.TimestampURL},
	})
	if err != nil {
		return nil, fmt.Errorf("sign PDF: %w", err)
	}
	return out.Bytes(), nil
}

func ascii(text string) string {
	out := []byte(nil)
	for _, r := range text {
		if r < ' ' || r > '~' {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return string(out)
}
