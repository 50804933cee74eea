package documents

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/Pretendard-Regular.ttf
var regularFont []byte

//go:embed fonts/Pretendard-Bold.ttf
var boldFont []byte

// The page, in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 18.0
	bodyTop    = 20.0
	bodyBottom = pageHeight - 22
	bodyWidth  = pageWidth - 2*margin
)

type colour [3]int

var (
	ink    = colour{28, 32, 36}
	quiet  = colour{104, 112, 118}
	line   = colour{214, 218, 221}
	tint   = colour{243, 246, 244}
	accent = colour{18, 94, 66}
)

// font is a weight and a size in points.
type font struct {
	bold bool
	size float64
}

// leading is the height of a line in millimetres.
func (f font) leading() float64 { return f.size * 0.3528 * 1.5 }

// sheet writes down a page and turns it over when it is full.
type sheet struct {
	pdf *fpdf.Fpdf
	y   float64
}

// newSheet opens a document dated at, so that equal content is equal bytes.
func newSheet(title, language string, at time.Time) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetProducer("Dure", true)
	pdf.SetTitle(title, true)
	pdf.SetLang(language)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("pretendard", "", regularFont)
	pdf.AddUTF8FontFromBytes("pretendard", "B", boldFont)
	s := &sheet{pdf: pdf}
	s.turn()
	return s
}

func (s *sheet) turn() {
	s.pdf.AddPage()
	s.y = bodyTop
}

// need turns the page unless height still fits.
func (s *sheet) need(height float64) {
	if s.y+height > bodyBottom {
		s.turn()
	}
}

func (s *sheet) use(f font, c colour) {
	style := ""
	if f.bold {
		style = "B"
	}
	s.pdf.SetFont("pretendard", style, f.size)
	s.pdf.SetTextColor(c[0], c[1], c[2])
}

// text writes one line with its top at y; align is 0 left of x, 1 right of it.
func (s *sheet) text(x, y float64, f font, c colour, align float64, text string) {
	s.use(f, c)
	text = clean(text)
	x -= align * s.pdf.GetStringWidth(text)
	s.pdf.Text(x, y+f.leading()/2+f.size*0.3528*0.36, text)
}

// paragraph writes wrapped text below s.y, over as many pages as it takes.
func (s *sheet) paragraph(x, width float64, f font, c colour, text string) {
	for _, l := range s.wrap(f, width, text) {
		s.need(f.leading())
		s.text(x, s.y, f, c, 0, l)
		s.y += f.leading()
	}
}

// wrap breaks text into lines of at most width: at spaces, as Korean is set,
// and inside a word only when the word alone is too long.
func (s *sheet) wrap(f font, width float64, text string) (lines []string) {
	s.use(f, ink)
	for _, part := range strings.Split(clean(text), "\n") {
		current := ""
		room := width
		space := s.pdf.GetStringWidth(" ")
		for _, word := range strings.Fields(part) {
			w := s.pdf.GetStringWidth(word)
			if current != "" && w+space <= room {
				current += " " + word
				room -= w + space
				continue
			}
			if current != "" {
				lines = append(lines, current)
			}
			for w > width {
				head, tail := s.cut(word, width)
				lines = append(lines, head)
				word, w = tail, s.pdf.GetStringWidth(tail)
			}
			current, room = word, width-w
		}
		lines = append(lines, current)
	}
	return lines
}

// cut splits a word so that the head fits width; the head has a letter at least.
func (s *sheet) cut(word string, width float64) (head, tail string) {
	used := 0.0
	for i, r := range word {
		used += s.pdf.GetStringWidth(string(r))
		if used > width && i > 0 {
			return word[:i], word[i:]
		}
	}
	return word, ""
}

func (s *sheet) rule(y, thickness float64, c colour) {
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(thickness)
	s.pdf.Line(margin, y, pageWidth-margin, y)
}

func (s *sheet) box(y, width, height float64, c colour) {
	s.pdf.SetFillColor(c[0], c[1], c[2])
	s.pdf.Rect(margin, y, width, height, "F")
}

// heading opens a section and keeps it together with what follows.
func (s *sheet) heading(text string) {
	s.need(22)
	s.y += 6
	s.text(margin, s.y, font{true, 11}, accent, 0, text)
	s.y += 7
	s.rule(s.y, 0.3, accent)
	s.y += 2.5
}

// facts writes label and value pairs, leaving out those without a value.
func (s *sheet) facts(x, labelWidth, width float64, pairs ...string) {
	small := font{false, 9}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		for n, l := range s.wrap(small, width-labelWidth, pairs[i+1]) {
			s.need(small.leading() + 0.7)
			if n == 0 {
				s.text(x, s.y, small, quiet, 0, pairs[i])
			}
			s.text(x+labelWidth, s.y, small, ink, 0, l)
			s.y += small.leading()
		}
		s.y += 0.7
	}
}

// finish numbers the pages and returns the document.
func (s *sheet) finish(footer string, number func(page, of int) string) ([]byte, error) {
	of := s.pdf.PageCount()
	for page := 1; page <= of; page++ {
		s.pdf.SetPage(page)
		s.rule(pageHeight-16, 0.2, line)
		s.text(margin, pageHeight-14.5, font{false, 7.5}, quiet, 0, footer)
		s.text(pageWidth-margin, pageHeight-14.5, font{false, 7.5}, quiet, 1, number(page, of))
	}
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return out.Bytes(), nil
}

// clean composes Hangul, drops control characters but for line breaks, and puts
// □ for what lies outside the font's plane.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r > 0xFFFD:
			return '□'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFC.String(text))
}
