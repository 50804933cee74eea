package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dure/domain/deal"
)

// The files of a package, in order.
const (
	contractFile    = "contract.pdf"
	signedFile      = "signed.pdf"
	evidenceFile    = "evidence.json"
	certificateFile = "certificate.pem"
	manifestFile    = "manifest.json"
	signatureFile   = "manifest.sig"
)

var packageFiles = []string{contractFile, signedFile, evidenceFile, certificateFile, manifestFile, signatureFile}

// packageFormat names the shape of the package; a verifier knows those it can check.
const packageFormat = "dure-contract/1"

type manifest struct {
	Format     string       `json:"format"`
	ContractID string       `json:"contractId"`
	Number     string       `json:"number"`
	Hash       string       `json:"hash"`
	Signature  string       `json:"signature"`
	SealedAt   time.Time    `json:"sealedAt"`
	Files      []sealedFile `json:"files"`
}

type sealedFile struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

type evidence struct {
	Format          string               `json:"format"`
	ContractID      string               `json:"contractId"`
	Number          string               `json:"number"`
	PaperSHA256     string               `json:"paperSha256"`
	SignatureSHA256 string               `json:"signatureSha256"`
	Signature       deal.SignatureMark   `json:"signature"`
	Consents        []evidenceConsent    `json:"consents"`
	Events          []deal.EvidenceEvent `json:"events"`
}

type evidenceConsent struct {
	Key     string `json:"key"`
	Version string `json:"version"`
	Title   string `json:"title"`
}

// FileName is what the package of a contract is called.
func FileName(number string) string { return number + ".dure.zip" }

// Seal returns the package of a signed contract. It fails when the mark does not
// Check, the evidence does not hold together, or its signature does not bind
// this paper and this mark.
func (d *Documents) Seal(ctx context.Context, c deal.SealedContract) ([]byte, error) {
	paper := hexSHA256(c.Paper)
	ev := evidence{
		Format: packageFormat, ContractID: c.ContractID, Number: c.Number,
		PaperSHA256: paper, SignatureSHA256: c.Mark.SHA256(), Signature: c.Mark, Consents: []evidenceConsent{}, Events: c.Events,
	}
	for _, t := range c.Consents {
		ev.Consents = append(ev.Consents, evidenceConsent{Key: t.Key, Version: t.Version, Title: t.Title})
	}
	if err := errors.Join(c.Mark.Check(), deal.VerifyEvidence(c.Events), ev.binds()); err != nil {
		return nil, fmt.Errorf("seal contract %s: %w", c.Number, err)
	}
	page, err := d.signatureSheet(c, paper)
	if err != nil {
		return nil, fmt.Errorf("seal contract %s: %w", c.Number, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	joined, err := appendPages(c.Paper, page)
	if err != nil {
		return nil, fmt.Errorf("seal contract %s: %w", c.Number, err)
	}
	signed, err := d.signPDF(joined, c.Number)
	if err != nil {
		return nil, fmt.Errorf("seal contract %s: %w", c.Number, err)
	}
	evidenceText, err := json.MarshalIndent(ev, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("seal contract %s: %w", c.Number, err)
	}
	files := map[string][]byte{
		contractFile: c.Paper, signedFile: signed, evidenceFile: evidenceText, certificateFile: d.signer.certificates(),
	}
	if err := d.addManifest(files, c); err != nil {
		return nil, fmt.Errorf("seal contract %s: %w", c.Number, err)
	}
	return pack(files)
}

func (d *Documents) addManifest(files map[string][]byte, c deal.SealedContract) error {
	name, err := signatureName(d.signer.Key.Public())
	if err != nil {
		return err
	}
	m := manifest{Format: packageFormat, ContractID: c.ContractID, Number: c.Number, Hash: "SHA-256", Signature: name, SealedAt: d.now().UTC().Truncate(time.Second)}
	for _, f := range packageFiles[:4] {
		m.Files = append(m.Files, sealedFile{Name: f, Size: len(files[f]), SHA256: hexSHA256(files[f])})
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	digest := sha256.Sum256(text)
	files[manifestFile] = text
	files[signatureFile], err = d.signer.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	return err
}

// binds checks that a signing event names this paper and these strokes.
func (e evidence) binds() error {
	signed := e.signing()
	switch {
	case signed == nil:
		return errors.New("there is no event of the signature")
	case signed.Detail[deal.DetailPaper] != e.PaperSHA256:
		return errors.New("the signature was given for another paper")
	case signed.Detail[deal.DetailSignature] != e.Signature.SHA256():
		return errors.New("the strokes are not those that were signed with")
	}
	return nil
}

// signing returns the only event of the signature, nil when there is none or more.
func (e evidence) signing() (found *deal.EvidenceEvent) {
	for i := range e.Events {
		if e.Events[i].Kind != deal.EvidenceSigned {
			continue
		}
		if found != nil {
			return nil
		}
		found = &e.Events[i]
	}
	return found
}

func signatureName(public crypto.PublicKey) (string, error) {
	switch public.(type) {
	case *ecdsa.PublicKey:
		return "ECDSA-SHA256", nil
	case *rsa.PublicKey:
		return "RSA-PKCS1v15-SHA256", nil
	}
	return "", fmt.Errorf("cannot sign with a %T", public)
}

// pack writes the files in their order, stored as they are: the PDFs are
// compressed already, and equal files give equal packages.
func pack(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range packageFiles {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return nil, fmt.Errorf("write package: %w", err)
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, fmt.Errorf("write package: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write package: %w", err)
	}
	return out.Bytes(), nil
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
