// Package documents makes the papers of a contract and checks them.
//
// The contract is rendered once, at the draft (Render); the SHA-256 of those
// bytes is what the customer signs. After the commit a job assembles the package
// (Seal), a ZIP that stands without the server:
//
//	contract.pdf     the very bytes that were read
//	signed.pdf       contract.pdf, byte for byte, followed by two incremental
//	                 updates: a page with the drawn signature, and the
//	                 deployment's digital signature (CMS, detached)
//	evidence.json    what happened, as a hash chain; the drawn strokes; versions
//	                 of the texts consented to
//	certificate.pem  the certificate of the deployment's key, with its chain
//	manifest.json    the SHA-256 of each file above
//	manifest.sig     the deployment's signature of manifest.json
//
// VerifyPackage checks all of it and says for each check whether it holds. It
// proves that nothing changed since the deployment sealed it; that the key is the
// maker's is proved only by giving it the maker's certificate.
//
// Pretendard (SIL Open Font License, fonts/OFL.txt) is embedded; it has the whole
// of modern Hangul but no Chinese characters.
package documents
