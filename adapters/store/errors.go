package store

import (
	"database/sql"
	"errors"
	"fmt"

	"dure/domain/fault"
)

// wrap names what failed; faults and nil go through.
func wrap(err error, what string) error {
	if err == nil {
		return nil
	}
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}

// found turns "no rows" into fault.NotFound "<noun>.not_found".
func found(err error, noun string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, noun+".not_found")
	}
	return wrap(err, "read "+noun)
}

// changedOne checks that an update guarded by a version changed its row, else
// fault.Conflict "<noun>.changed".
func changedOne(res sql.Result, err error, noun string) error {
	if err != nil {
		return wrap(err, "save "+noun)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return wrap(err, "save "+noun)
	}
	if n != 1 {
		return fault.New(fault.Conflict, noun+".changed")
	}
	return nil
}

// inserted turns a taken unique key into fault.Conflict "<noun>.taken" and a
// reference to nothing into fault.NotFound "<noun>.bad_reference".
func inserted(err error, noun string) error {
	switch {
	case isUnique(err):
		return fault.New(fault.Conflict, noun+".taken")
	case isForeignKey(err):
		return fault.New(fault.NotFound, noun+".bad_reference")
	default:
		return wrap(err, "insert "+noun)
	}
}
