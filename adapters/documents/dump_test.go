package documents_test

import (
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	os.WriteFile("/tmp/pret/c.pdf", render(t, samplePaper()), 0o600)
	p, _ := sealed(t)
	os.WriteFile("/tmp/pret/s.pdf", unzip(t, p)[1].content, 0o600)
	os.WriteFile("/tmp/pret/e.json", unzip(t, p)[2].content, 0o600)
}
