package documents

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// signerFile holds the key and its certificate together, so that they are made
// and replaced as one.
const signerFile = "signer.pem"

// documentSigning is the extended key usage of RFC 9336.
var documentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

// Signer signs for the deployment. Its key may live elsewhere, such as in a
// hardware module: only crypto.Signer is asked of it, for ECDSA or RSA.
type Signer struct {
	Key          crypto.Signer
	Certificate  *x509.Certificate
	Chain        []*x509.Certificate // what leads from Certificate to its root, without Certificate
	TimestampURL string              // an RFC 3161 authority; "" for none
}

// LoadOrCreateSigner returns the signer kept in dir. A missing one is made: an
// ECDSA P-256 key and a certificate that it signed itself for the organization,
// in one file of mode 0600. Of processes that race to make it, all get the winner's.
func LoadOrCreateSigner(dir, organization string, now time.Time) (*Signer, error) {
	path := filepath.Join(dir, signerFile)
	signer, err := readSigner(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return signer, err
	}
	if err := createSigner(path, organization, now); err != nil {
		return nil, fmt.Errorf("create signer: %w", err)
	}
	return readSigner(path)
}

func readSigner(path string) (*Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read signer: %w", err)
	}
	signer, err := ParseSigner(text)
	if err != nil {
		return nil, fmt.Errorf("signer in %s: %w", path, err)
	}
	return signer, nil
}

// ParseSigner reads a private key (PKCS #8) and its certificate, the chain after
// it, from PEM text. It fails when the two do not belong together.
func ParseSigner(text []byte) (*Signer, error) {
	var s Signer
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("parse key: %w", err)
			}
			var ok bool
			if s.Key, ok = key.(crypto.Signer); !ok {
				return nil, errors.New("the key cannot sign")
			}
		case "CERTIFICATE":
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("parse certificate: %w", err)
			}
			if s.Certificate == nil {
				s.Certificate = certificate
			} else {
				s.Chain = append(s.Chain, certificate)
			}
		}
	}
	if s.Key == nil || s.Certificate == nil {
		return nil, errors.New("a key and a certificate are needed")
	}
	public, ok := s.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(s.Certificate.PublicKey) {
		return nil, errors.New("the certificate is not the key's")
	}
	return &s, nil
}

func createSigner(path, organization string, now time.Time) error {
	text, err := newSignerPEM(organization, now)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".signer-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already when all went well
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	// A link fails without harm when another process was first.
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func newSignerPEM(organization string, now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{organization}, CommonName: organization + " contract seal"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(10, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		UnknownExtKeyUsage:    []asn1.ObjectIdentifier{documentSigning},
		BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = errors.Join(
		pem.Encode(&out, &pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
	return out.Bytes(), err
}

// certificates returns the certificate and its chain as PEM.
func (s *Signer) certificates() []byte {
	var out []byte
	for _, c := range append([]*x509.Certificate{s.Certificate}, s.Chain...) {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// Fingerprint is the hex SHA-256 of a certificate: what the maker publishes for
// others to compare.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}
