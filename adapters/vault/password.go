package vault

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/alexedwards/argon2id"
)

// passwordCost is the OWASP minimum for argon2id: 19 MiB, two passes, one lane.
var passwordCost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// MaxPassword is the longest password in bytes; what is longer never matches.
const MaxPassword = 1024

// turns are taken by whoever hashes. Each hash fills 19 MiB, and more at once
// than there are processors are no faster: a crowd at the door waits in line
// instead of filling the memory.
var turns = sync.OnceValue(func() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) })

// compare is argon2id's comparison, in turn.
func compare(password, hash string) (ok bool, err error) {
	turns() <- struct{}{}
	defer func() { <-turns() }()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// HashPassword returns the argon2id hash of a password with its salt and cost,
// in the PHC format. It takes some 20 ms and 19 MiB.
func HashPassword(password string) (string, error) {
	if len(password) > MaxPassword {
		return "", fmt.Errorf("hash password: longer than %d bytes", MaxPassword)
	}
	turns() <- struct{}{}
	defer func() { <-turns() }()
	return argon2id.CreateHash(password, passwordCost)
}

// VerifyPassword reports whether password is the one that hash was made of. It
// fails when hash is not one of HashPassword's.
func VerifyPassword(hash, password string) (ok bool, err error) {
	if len(password) > MaxPassword {
		SpendPassword("")
		return false, nil
	}
	ok, err = compare(password, hash)
	if err != nil {
		return false, fmt.Errorf("verify password: %w", err)
	}
	return ok, nil
}

var nobody = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash("nobody's password", passwordCost)
	if err != nil {
		panic("vault: " + err.Error()) //nolint:forbidigo // only when the system has no randomness
	}
	return hash
})

// SpendPassword costs what VerifyPassword costs and says nothing: call it for an
// unknown user, so that the time of the answer does not tell who exists.
func SpendPassword(password string) {
	if len(password) > MaxPassword {
		password = ""
	}
	_, _ = compare(password, nobody())
}
