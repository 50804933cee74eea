package documents_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/documents"
	"dure/domain/deal"
)

// entry is a file of a package that a test may change.
type entry struct {
	name    string
	content []byte
}

func sealed(t testing.TB) (pkg []byte, signer *documents.Signer) {
	t.Helper()
	d, signer := newDocuments(t)
	pkg, err := d.Seal(t.Context(), sampleSealed(t, d))
	require.NoError(t, err)
	return pkg, signer
}

func unzip(t testing.TB, pkg []byte) (entries []entry) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pkg), int64(len(pkg)))
	require.NoError(t, err)
	for _, f := range r.File {
		in, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(in)
		require.NoError(t, err)
		entries = append(entries, entry{f.Name, content})
	}
	return entries
}

func zipped(t testing.TB, method uint16, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: method})
		require.NoError(t, err)
		_, err = f.Write(e.content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func verify(pkg []byte) (documents.Report, error) {
	return documents.VerifyPackage(bytes.NewReader(pkg), int64(len(pkg)))
}

// failures are the details of the checks that did not hold.
func failures(r documents.Report) (all []string) {
	for _, c := range r.Checks {
		if !c.OK {
			all = append(all, c.Name+": "+c.Detail)
		}
	}
	return all
}

func content(t testing.TB, entries []entry, name string) []byte {
	t.Helper()
	for _, e := range entries {
		if e.name == name {
			return e.content
		}
	}
	t.Fatalf("no %s", name)
	return nil
}

func TestASealedPackageStandsByItself(t *testing.T) {
	pkg, signer := sealed(t)
	report, err := documents.VerifyPackage(bytes.NewReader(pkg), int64(len(pkg)), signer.Certificate)
	require.NoError(t, err)
	assert.True(t, report.OK(), failures(report))
	assert.True(t, report.Trusted)
	assert.Equal(t, "CTR-2026-000123", report.Number)
	assert.Equal(t, "ctr_0195", report.ContractID)
	assert.Equal(t, "김농부", report.SignerName)
	assert.Equal(t, documents.Fingerprint(signer.Certificate), report.Fingerprint)
	assert.Equal(t, sha256Of(content(t, unzip(t, pkg), "contract.pdf")), report.PaperSHA256)

	var names []string
	for _, e := range unzip(t, pkg) {
		names = append(names, e.name)
	}
	assert.Equal(t, []string{"contract.pdf", "signed.pdf", "evidence.json", "certificate.pem", "manifest.json", "manifest.sig"}, names)
}

func TestWithoutACertificateToCompareNothingIsTrusted(t *testing.T) {
	pkg, _ := sealed(t)
	report, err := verify(pkg)
	require.NoError(t, err)
	assert.True(t, report.OK(), failures(report))
	assert.False(t, report.Trusted)
}

func TestAStrangersCertificateIsNotTheExpectedOne(t *testing.T) {
	pkg, _ := sealed(t)
	_, stranger := newDocuments(t)
	report, err := documents.VerifyPackage(bytes.NewReader(pkg), int64(len(pkg)), stranger.Certificate)
	require.NoError(t, err)
	assert.False(t, report.OK())
	assert.Contains(t, strings.Join(failures(report), "\n"), "certificate is the expected one")
}

func TestPopplerFindsTheSignedCopyValid(t *testing.T) {
	pkg, _ := sealed(t)
	files := unzip(t, pkg)
	signed := content(t, files, "signed.pdf")
	out := poppler(t, "pdfsig", signed, "FILE")
	assert.Contains(t, out, "Signature is Valid.")
	assert.Contains(t, out, "Total document signed")

	text := poppler(t, "pdftotext", signed, "-layout", "FILE", "-")
	for _, want := range []string{"농기계 매매계약서", "서명 확인서", "김농부", "2026-03-02 11:12:00 KST", "contract.signed"} {
		assert.Contains(t, text, want)
	}
	assert.True(t, bytes.HasPrefix(signed, content(t, files, "contract.pdf")))

	changed := bytes.Clone(signed)
	changed[len(changed)/4] ^= 1
	assert.NotContains(t, poppler(t, "pdfsig", changed, "FILE"), "Signature is Valid.")
}

func TestOneChangedByteInAnyFileIsFound(t *testing.T) {
	pkg, _ := sealed(t)
	for i, e := range unzip(t, pkg) {
		for _, where := range []int{0, len(e.content) / 3, len(e.content) / 2, len(e.content) - 1} {
			t.Run(e.name, func(t *testing.T) {
				files := unzip(t, pkg)
				files[i].content[where] ^= 1
				report, err := verify(zipped(t, zip.Deflate, files...))
				require.NoError(t, err)
				assert.False(t, report.OK(), "byte %d", where)
				assert.NotEmpty(t, failures(report)[0])
			})
		}
	}
}

func TestChangedEvidenceSaysWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct{ old, new, want string }{
		"another device":        {`"deviceId": "dev_tablet7"`, `"deviceId": "dev_tablet8"`, "evidence chain: link 4 of 4"},
		"another time":          {`"at": "2026-03-02T01:50:00Z"`, `"at": "2026-03-02T01:49:00Z"`, "evidence chain: link 2 of 4"},
		"another consent":       {`"version": "3"`, `"version": "4"`, "evidence.json is not the file that was sealed"},
		"another signer's name": {`"signerName": "김농부"`, `"signerName": "박농부"`, "evidence.json is not the file that was sealed"},
		"a moved stroke":        {`"x": 90.123`, `"x": 91.123`, "the strokes are not those that were signed with"},
	} {
		t.Run(name, func(t *testing.T) {
			pkg, _ := sealed(t)
			files := unzip(t, pkg)
			changed := strings.ReplaceAll(string(files[2].content), tt.old, tt.new)
			require.NotEqual(t, string(files[2].content), changed)
			files[2].content = []byte(changed)
			report, err := verify(zipped(t, zip.Store, files...))
			require.NoError(t, err)
			assert.Contains(t, strings.Join(failures(report), "\n"), tt.want)
		})
	}
}

func TestEvidenceThatWasRemovedAddedOrMovedIsFoundByItsChain(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(events []deal.EvidenceEvent) []deal.EvidenceEvent
	}{
		"the first is removed": {func(e []deal.EvidenceEvent) []deal.EvidenceEvent { return e[1:] }},
		"one is removed":       {func(e []deal.EvidenceEvent) []deal.EvidenceEvent { return append(e[:1:1], e[2:]...) }},
		"the last is removed":  {func(e []deal.EvidenceEvent) []deal.EvidenceEvent { return e[:3] }},
		"all are removed":      {func([]deal.EvidenceEvent) []deal.EvidenceEvent { return nil }},
		"two change places":    {func(e []deal.EvidenceEvent) []deal.EvidenceEvent { e[1], e[2] = e[2], e[1]; return e }},
		"one is repeated":      {func(e []deal.EvidenceEvent) []deal.EvidenceEvent { return append(e, e[3]) }},
		"a second signature is added": {func(e []deal.EvidenceEvent) []deal.EvidenceEvent {
			return append(e, e[3].Follow(&e[3]))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := newDocuments(t)
			c := sampleSealed(t, d)
			c.Events = tt.change(c.Events)
			_, err := d.Seal(t.Context(), c)
			assert.Error(t, err, "nothing broken is sealed")

			// The same, by somebody who rewrites a package that was sealed well: the
			// manifest's hash of evidence.json tells it too, so it is not looked at here.
			assert.Error(t, documents.CheckEvidence(c))
		})
	}
}

func TestAnotherPaperOrMarkIsNotSealed(t *testing.T) {
	d, _ := newDocuments(t)
	for name, change := range map[string]func(*deal.SealedContract){
		"another paper":   func(c *deal.SealedContract) { c.Paper = append(bytes.Clone(c.Paper), '\n') },
		"another mark":    func(c *deal.SealedContract) { c.Mark.Strokes[0][0].X++ },
		"no mark":         func(c *deal.SealedContract) { c.Mark.Strokes = nil },
		"no PDF":          func(c *deal.SealedContract) { c.Paper = nil },
		"a changed event": func(c *deal.SealedContract) { c.Events[0].ActorID = "usr_other" },
	} {
		t.Run(name, func(t *testing.T) {
			c := sampleSealed(t, d)
			change(&c)
			_, err := d.Seal(t.Context(), c)
			assert.Error(t, err)
		})
	}
}

func TestWhatIsNoPackageIsRefused(t *testing.T) {
	pkg, _ := sealed(t)
	files := unzip(t, pkg)
	bomb := append(files[:0:0], files...)
	bomb[0].content = make([]byte, documents.MaxPackageFile+1)
	renamed := append(files[:0:0], files...)
	renamed[0].name = "../contract.pdf"
	twice := append(files[:0:0], files...)
	twice[1] = twice[0]
	for name, tt := range map[string]struct {
		pkg  []byte
		want string
	}{
		"nothing":             {nil, "zip"},
		"no archive":          {[]byte("%PDF-1.4"), "zip"},
		"half a package":      {pkg[:len(pkg)/2], "zip"},
		"a path that escapes": {zipped(t, zip.Store, renamed...), "../contract.pdf"},
		"a file twice":        {zipped(t, zip.Store, twice...), "twice"},
		"a file too few":      {zipped(t, zip.Store, files[1:]...), "5 files"},
		"a file too many":     {zipped(t, zip.Store, append(files[:6:6], entry{"more", nil})...), "7 files"},
		"a bomb":              {zipped(t, zip.Deflate, bomb...), "larger than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verify(tt.pkg)
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
	_, err := documents.VerifyPackage(bytes.NewReader(nil), documents.MaxPackage+1)
	assert.ErrorContains(t, err, "larger than")
}

func TestTheSignerIsMadeOnceAndKeptPrivate(t *testing.T) {
	dir := t.TempDir()
	first, err := documents.LoadOrCreateSigner(dir, "Dure", drafted)
	require.NoError(t, err)
	second, err := documents.LoadOrCreateSigner(dir, "Another", drafted)
	require.NoError(t, err)
	assert.True(t, first.Certificate.Equal(second.Certificate))
	info, err := os.Stat(dir + "/signer.pem")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func BenchmarkSeal(b *testing.B) {
	d, _ := newDocuments(b)
	c := sampleSealed(b, d)
	for b.Loop() {
		_, err := d.Seal(b.Context(), c)
		require.NoError(b, err)
	}
}

func FuzzVerifyPackage(f *testing.F) {
	pkg, _ := sealed(f)
	files := unzip(f, pkg)
	f.Add(2, files[2].content)
	f.Add(1, files[1].content)
	f.Add(3, files[3].content)
	f.Add(-1, pkg)
	f.Fuzz(func(t *testing.T, which int, content []byte) {
		if which < 0 || which >= len(files) {
			if report, err := verify(content); err == nil && report.OK() && !bytes.Equal(content, pkg) {
				assert.Equal(t, files, unzip(t, content), "what passes holds the sealed files")
			}
			return
		}
		changed := append(files[:0:0], files...)
		changed[which].content = content
		report, err := verify(zipped(t, zip.Store, changed...))
		if err == nil && !bytes.Equal(content, files[which].content) {
			assert.False(t, report.OK())
		}
	})
}
