package documents

import (
	"archive/zip"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/digitorus/pkcs7"

	"dure/domain/deal"
)

// The largest package that is looked at, and the largest file in one, in bytes.
const (
	MaxPackage     = 64 << 20
	MaxPackageFile = 24 << 20
)

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"` // what failed, or what was found
}

// Report is what VerifyPackage found. What it says of the contract is to be
// believed only when OK.
type Report struct {
	ContractID  string    `json:"contractId"`
	Number      string    `json:"number"`
	PaperSHA256 string    `json:"paperSha256"`
	SignerName  string    `json:"signerName"`
	SignedAt    time.Time `json:"signedAt"`
	ReceivedAt  time.Time `json:"receivedAt"`
	SealedAt    time.Time `json:"sealedAt"`
	Certificate string    `json:"certificate"` // its subject
	Fingerprint string    `json:"fingerprint"` // its SHA-256: compare it with the maker's when none was given
	Trusted     bool      `json:"trusted"`     // the certificate is, or descends from, one that was given
	Checks      []Check   `json:"checks"`
}

// OK reports whether every check held.
func (r Report) OK() bool {
	return len(r.Checks) > 0 && !slices.ContainsFunc(r.Checks, func(c Check) bool { return !c.OK })
}

func (r *Report) check(name, found string, err error) bool {
	c := Check{Name: name, OK: err == nil, Detail: found}
	if err != nil {
		c.Detail = err.Error()
	}
	r.Checks = append(r.Checks, c)
	return c.OK
}

// VerifyPackage checks a package by itself, without the server. With
// certificates in trusted it also checks that one of them is, or issued, the
// package's; without, a package sealed by a stranger passes too, and the
// fingerprint is for the reader to compare. It returns an error when r holds no
// package at all: not a ZIP, too large, or with other files than a package has.
func VerifyPackage(r io.ReaderAt, size int64, trusted ...*x509.Certificate) (Report, error) {
	files, err := unpack(r, size)
	if err != nil {
		return Report{}, fmt.Errorf("read package: %w", err)
	}
	var report Report
	certificates, err := parseCertificates(files[certificateFile])
	if !report.check("certificate", "", err) {
		return report, nil
	}
	own := certificates[0]
	report.Certificate, report.Fingerprint = own.Subject.String(), Fingerprint(own)
	report.Checks[0].Detail = report.Certificate + ", SHA-256 " + report.Fingerprint
	m, err := readManifest(files[manifestFile])
	report.check("manifest", packageFormat, err)
	report.check("manifest signature", m.Signature, verifyManifest(own, m, files))
	for _, name := range packageFiles[:4] {
		report.check("file "+name, hexSHA256(files[name]), m.holds(name, files[name]))
	}
	ev, err := readEvidence(files[evidenceFile])
	report.check("evidence", "", err)
	report.verifyEvidence(m, ev, files[contractFile])
	report.check("signed copy begins with the contract", "", begins(files[signedFile], files[contractFile]))
	signedAt, err := verifyPDF(files[signedFile], files[contractFile], own)
	report.check("signature of the signed copy", "", err)
	report.check("certificate was valid when it signed", "", validAt(own, m.SealedAt, signedAt))
	if len(trusted) > 0 {
		err := descends(certificates, trusted, m.SealedAt)
		report.Trusted = report.check("certificate is the expected one", "", err)
	}
	report.ContractID, report.Number, report.SealedAt = m.ContractID, m.Number, m.SealedAt
	return report, nil
}

// verifyEvidence checks the chain and what the signature binds.
func (r *Report) verifyEvidence(m manifest, ev evidence, contract []byte) {
	r.PaperSHA256, r.SignerName = ev.PaperSHA256, ev.Signature.SignerName
	r.SignedAt, r.ReceivedAt = ev.Signature.SignedAt, ev.Signature.ReceivedAt
	r.check("evidence chain", strconv.Itoa(len(ev.Events))+" events", deal.VerifyEvidence(ev.Events))
	var err error
	if ev.ContractID != m.ContractID || ev.Number != m.Number {
		err = errors.New("the evidence is of another contract")
	}
	r.check("evidence is of this contract", m.Number, err)
	err = nil
	if hash := hexSHA256(contract); hash != ev.PaperSHA256 {
		err = fmt.Errorf("contract.pdf is %s, the evidence binds %s", hash, ev.PaperSHA256)
	}
	r.check("evidence binds contract.pdf", ev.PaperSHA256, err)
	r.check("signature binds the contract and the strokes", "", errors.Join(ev.binds(), ev.Signature.Check(), ev.consistent()))
}

// consistent checks that what evidence.json repeats outside the chain is what
// the chain says.
func (e evidence) consistent() error {
	s := e.signing()
	if s == nil {
		return nil // said by binds
	}
	received, err := time.Parse(time.RFC3339Nano, s.Detail[deal.DetailReceived])
	if err != nil || !received.Equal(e.Signature.ReceivedAt.Truncate(time.Microsecond)) ||
		!s.At.Equal(e.Signature.SignedAt.Truncate(time.Microsecond)) || s.Detail[deal.DetailDevice] != e.Signature.DeviceID ||
		e.SignatureSHA256 != s.Detail[deal.DetailSignature] {
		return errors.New("times, device or hash of the signature differ from its event")
	}
	return nil
}

// unpack reads a package into memory. The names must be exactly a package's, so
// nothing is ever written to a path; the sizes are bounded as they are read, not
// as the archive claims.
func unpack(r io.ReaderAt, size int64) (map[string][]byte, error) {
	if size > MaxPackage {
		return nil, fmt.Errorf("larger than %d bytes", MaxPackage)
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(archive.File) != len(packageFiles) {
		return nil, fmt.Errorf("%d files instead of %d", len(archive.File), len(packageFiles))
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		if !slices.Contains(packageFiles, f.Name) {
			return nil, fmt.Errorf("%q does not belong to a package", f.Name)
		}
		if _, twice := files[f.Name]; twice {
			return nil, fmt.Errorf("%s is there twice", f.Name)
		}
		if files[f.Name], err = readFile(f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return files, nil
}

func readFile(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, MaxPackageFile+1))
	if err == nil && len(content) > MaxPackageFile {
		err = fmt.Errorf("larger than %d bytes", MaxPackageFile)
	}
	return content, errors.Join(err, r.Close())
}

func parseCertificates(text []byte) (all []*x509.Certificate, err error) {
	for block, rest := pem.Decode(text); block != nil && len(all) < 10; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate.pem: %w", err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("certificate.pem holds no certificate")
	}
	return all, nil
}

func readManifest(text []byte) (m manifest, err error) {
	if err := json.Unmarshal(text, &m); err != nil {
		return manifest{}, fmt.Errorf("manifest.json: %w", err)
	}
	if m.Format != packageFormat || m.Hash != "SHA-256" {
		return m, fmt.Errorf("manifest.json: format %q with %q is not known here", m.Format, m.Hash)
	}
	if len(m.Files) != 4 {
		return m, fmt.Errorf("manifest.json names %d files instead of 4", len(m.Files))
	}
	return m, nil
}

// holds checks that the manifest names the file with this content.
func (m manifest) holds(name string, content []byte) error {
	i := slices.IndexFunc(m.Files, func(f sealedFile) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("the manifest does not name %s", name)
	}
	if f := m.Files[i]; f.Size != len(content) || f.SHA256 != hexSHA256(content) {
		return fmt.Errorf("%s is not the file that was sealed", name)
	}
	return nil
}

func verifyManifest(c *x509.Certificate, m manifest, files map[string][]byte) error {
	digest := sha256.Sum256(files[manifestFile])
	name, err := signatureName(c.PublicKey)
	if err != nil {
		return err
	}
	valid := false
	switch key := c.PublicKey.(type) {
	case *ecdsa.PublicKey:
		valid = ecdsa.VerifyASN1(key, digest[:], files[signatureFile])
	case *rsa.PublicKey:
		valid = rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], files[signatureFile]) == nil
	}
	if !valid || m.Signature != name {
		return errors.New("manifest.sig is not the certificate's signature of manifest.json")
	}
	return nil
}

func readEvidence(text []byte) (e evidence, err error) {
	if err := json.Unmarshal(text, &e); err != nil {
		return evidence{}, fmt.Errorf("evidence.json: %w", err)
	}
	if e.Format != packageFormat {
		return e, fmt.Errorf("evidence.json: format %q is not known here", e.Format)
	}
	return e, nil
}

func begins(signed, contract []byte) error {
	if len(contract) == 0 || !bytes.HasPrefix(signed, contract) {
		return errors.New("signed.pdf does not begin with the bytes of contract.pdf")
	}
	return nil
}

var byteRange = regexp.MustCompile(`/ByteRange ?\[\s*(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]`)

// verifyPDF checks that the last signature of a PDF covers all of it but the
// signature itself, and was made by the certificate's key. It returns the time
// that the signature claims.
func verifyPDF(signed, contract []byte, own *x509.Certificate) (at time.Time, err error) {
	defer func() {
		if p := recover(); p != nil { // the CMS parser is not ours, and the input is anybody's
			err = fmt.Errorf("the signature cannot be read: %v", p)
		}
	}()
	found := byteRange.FindAllSubmatch(signed[min(len(contract), len(signed)):], -1)
	if len(found) != 1 {
		return at, fmt.Errorf("signed.pdf carries %d signatures instead of one", len(found))
	}
	var span [4]int
	for i := range span {
		span[i], _ = strconv.Atoi(string(found[0][i+1]))
	}
	if span[0] != 0 || span[1] <= len(contract) || span[2] <= span[1]+2 || span[2]+span[3] != len(signed) {
		return at, errors.New("the signature does not cover the whole of signed.pdf")
	}
	gap := signed[span[1]:span[2]]
	if gap[0] != '<' || gap[len(gap)-1] != '>' {
		return at, errors.New("the signature does not cover the whole of signed.pdf")
	}
	der, err := hex.DecodeString(string(gap[1 : len(gap)-1]))
	if err != nil {
		return at, fmt.Errorf("the signature cannot be read: %w", err)
	}
	p7, err := pkcs7.Parse(der)
	if err != nil {
		return at, fmt.Errorf("the signature cannot be read: %w", err)
	}
	p7.Content = append(bytes.Clone(signed[:span[1]]), signed[span[2]:]...)
	if err := p7.Verify(); err != nil {
		return at, fmt.Errorf("the signature does not match signed.pdf: %w", err)
	}
	if signer := p7.GetOnlySigner(); signer == nil || !signer.Equal(own) {
		return at, errors.New("signed.pdf was signed by another certificate")
	}
	if err := p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &at); err != nil {
		return at, fmt.Errorf("the signature tells no time: %w", err)
	}
	return at, nil
}

func validAt(c *x509.Certificate, times ...time.Time) error {
	for _, t := range times {
		if !t.IsZero() && (t.Before(c.NotBefore) || t.After(c.NotAfter)) {
			return fmt.Errorf("it is valid from %s to %s, not at %s",
				c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly), t.Format(time.DateOnly))
		}
	}
	return nil
}

// descends checks that the first certificate is one of the trusted or was issued
// below one of them.
func descends(certificates, trusted []*x509.Certificate, at time.Time) error {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, t := range trusted {
		if t.Equal(certificates[0]) {
			return nil
		}
		roots.AddCert(t)
	}
	for _, c := range certificates[1:] {
		between.AddCert(c)
	}
	_, err := certificates[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return fmt.Errorf("it is none of those given: %w", err)
	}
	return nil
}
