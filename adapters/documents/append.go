package documents

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// pdfObjects is what this package needs to know of a document that fpdf wrote:
// one cross-reference table, generation 0, object 1 the page tree, object 2 the
// shared resources, the last two the information and the catalogue.
type pdfObjects struct {
	objects [][]byte // by number; [0] is empty
	xrefAt  int
	root    int
	info    int
}

var (
	startMark   = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n?$`)
	trailerMark = regexp.MustCompile(`trailer\n<<\n/Size (\d+)\n/Root (\d+) 0 R\n/Info (\d+) 0 R\n`)
	kidsMark    = regexp.MustCompile(`/Kids \[([^\]]*)\]`)
	countMark   = regexp.MustCompile(`/Count (\d+)`)
	reference   = regexp.MustCompile(`\b(\d+) 0 R\b`)
)

var errForeignPDF = errors.New("not a PDF as Render writes it")

func readPDF(document []byte) (*pdfObjects, error) {
	start := startMark.FindSubmatch(document)
	if start == nil {
		return nil, errForeignPDF
	}
	at, err := strconv.Atoi(string(start[1]))
	if err != nil || at >= len(document) || !bytes.HasPrefix(document[at:], []byte("xref\n0 ")) {
		return nil, errForeignPDF
	}
	trailer := trailerMark.FindSubmatch(document[at:])
	if trailer == nil {
		return nil, errForeignPDF
	}
	size, _ := strconv.Atoi(string(trailer[1]))
	p := &pdfObjects{xrefAt: at}
	p.root, _ = strconv.Atoi(string(trailer[2]))
	p.info, _ = strconv.Atoi(string(trailer[3]))
	rows := strings.Split(string(document[at:]), "\n")[2:]
	if size < 4 || size > len(rows) {
		return nil, errForeignPDF
	}
	p.objects = make([][]byte, size)
	for n := 1; n < size; n++ {
		offset, err := strconv.Atoi(strings.TrimLeft(rows[n][:min(10, len(rows[n]))], "0"))
		head := fmt.Appendf(nil, "%d 0 obj\n", n)
		if err != nil || offset >= at || !bytes.HasPrefix(document[offset:], head) {
			return nil, errForeignPDF
		}
		p.objects[n] = document[offset+len(head) : at]
	}
	return p, nil
}

// body returns object n up to and without its endobj.
func (p *pdfObjects) body(n int) ([]byte, error) {
	object := p.objects[n]
	// A compressed stream may hold any bytes, so its own end is looked for first.
	from := 0
	if i := bytes.Index(object, []byte("\nstream\n")); i >= 0 && i < bytes.Index(object, []byte("endobj")) {
		length := regexp.MustCompile(`/Length (\d+)`).FindSubmatch(object[:i])
		if length == nil {
			return nil, errForeignPDF
		}
		size, err := strconv.Atoi(string(length[1]))
		from = i + len("\nstream\n") + size
		if err != nil || from > len(object) {
			return nil, errForeignPDF
		}
	}
	end := bytes.Index(object[from:], []byte("endobj"))
	if end < 0 {
		return nil, errForeignPDF
	}
	return object[:from+end], nil
}

// appendPages returns base, byte for byte, followed by an incremental update that
// puts the pages of extra behind its own. Both must come from this package.
func appendPages(base, extra []byte) ([]byte, error) {
	b, err := readPDF(base)
	if err != nil {
		return nil, fmt.Errorf("append pages: contract: %w", err)
	}
	e, err := readPDF(extra)
	if err != nil {
		return nil, fmt.Errorf("append pages: signature: %w", err)
	}
	// Object 1 of both is the page tree; the extra's others follow the base's.
	moved := func(n int) int {
		if n == 1 {
			return 1
		}
		return n + len(b.objects) - 2
	}
	renumber := func(text []byte) []byte {
		return reference.ReplaceAllFunc(text, func(r []byte) []byte {
			n, _ := strconv.Atoi(string(r[:bytes.IndexByte(r, ' ')]))
			return fmt.Appendf(nil, "%d 0 R", moved(n))
		})
	}
	tree, err := joinTrees(b, e, renumber)
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(bytes.Clone(base))
	out.WriteByte('\n')
	treeAt := out.Len()
	fmt.Fprintf(out, "1 0 obj\n%sendobj\n", tree)
	var offsets []int
	for n := 2; n < e.info; n++ {
		body, err := e.body(n)
		if err != nil {
			return nil, fmt.Errorf("append pages: object %d: %w", n, err)
		}
		head, stream, isStream := bytes.Cut(body, []byte("\nstream\n"))
		offsets = append(offsets, out.Len())
		fmt.Fprintf(out, "%d 0 obj\n%s", moved(n), renumber(head))
		if isStream {
			out.WriteString("\nstream\n")
			out.Write(stream)
		}
		out.WriteString("endobj\n")
	}
	xrefAt := out.Len()
	fmt.Fprintf(out, "xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n%d %d\n", treeAt, len(b.objects), len(offsets))
	for _, at := range offsets {
		fmt.Fprintf(out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(out, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n",
		len(b.objects)+len(offsets), b.root, b.info, b.xrefAt, xrefAt)
	return out.Bytes(), nil
}

// joinTrees returns the base's page tree with the extra's pages behind its own.
func joinTrees(b, e *pdfObjects, renumber func([]byte) []byte) ([]byte, error) {
	tree, err := b.body(1)
	if err != nil {
		return nil, fmt.Errorf("append pages: page tree: %w", err)
	}
	more, err := e.body(1)
	if err != nil {
		return nil, fmt.Errorf("append pages: page tree: %w", err)
	}
	kids, moreKids := kidsMark.FindSubmatch(tree), kidsMark.FindSubmatch(more)
	count, moreCount := countMark.FindSubmatch(tree), countMark.FindSubmatch(more)
	if kids == nil || moreKids == nil || count == nil || moreCount == nil {
		return nil, fmt.Errorf("append pages: page tree: %w", errForeignPDF)
	}
	n, _ := strconv.Atoi(string(count[1]))
	m, _ := strconv.Atoi(string(moreCount[1]))
	tree = kidsMark.ReplaceAllLiteral(tree, fmt.Appendf(nil, "/Kids [%s %s]", bytes.TrimSpace(kids[1]), bytes.TrimSpace(renumber(moreKids[1]))))
	return countMark.ReplaceAllLiteral(tree, fmt.Appendf(nil, "/Count %d", n+m)), nil
}
