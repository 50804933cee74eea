package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/text"
)

// idempotencyKey is the first answer to a mutation.
type idempotencyKey struct {
	bun.BaseModel `bun:"table:idempotency_keys"`

	ActorID   string
	Key       string
	Operation string
	InputHash string
	Answer    string
	CreatedAt time.Time
}

// maxKey is the longest idempotency key, in bytes.
const maxKey = 200

// Once implements work.Unit.
func (d *DB) Once(ctx context.Context, key, operation string, input, answer any, do func(ctx context.Context) error) error {
	if key == "" {
		return d.Do(ctx, do)
	}
	if len(key) > maxKey {
		return fault.New(fault.Invalid, "idempotency.too_long", maxKey).On("idempotencyKey")
	}
	if err := text.Check(key, maxKey, "idempotencyKey"); err != nil {
		return err
	}
	body, err := json.Marshal(input)
	if err != nil {
		return fmt.Errorf("hash input: %w", err)
	}
	sum := sha256.Sum256(body)
	row := idempotencyKey{
		ActorID: identity.From(ctx).UserID, Key: key, Operation: operation,
		InputHash: hex.EncodeToString(sum[:]), Answer: "", CreatedAt: time.Now().UTC(),
	}
	return d.Do(ctx, func(ctx context.Context) error {
		// Taking the key first makes a twin that runs at the same time wait here.
		res, err := d.write(ctx).NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return wrap(err, "take idempotency key")
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return d.firstAnswer(ctx, row, answer, err)
		}
		if err := do(ctx); err != nil {
			return err
		}
		kept, err := json.Marshal(answer)
		if err != nil {
			return fmt.Errorf("keep answer: %w", err)
		}
		_, err = d.write(ctx).NewUpdate().Model(&row).Set("answer = ?", string(kept)).
			Where("actor_id = ? AND key = ?", row.ActorID, row.Key).Exec(ctx)
		return wrap(err, "keep answer")
	})
}

func (d *DB) firstAnswer(ctx context.Context, want idempotencyKey, answer any, err error) error {
	if err != nil {
		return wrap(err, "take idempotency key")
	}
	var held idempotencyKey
	if err := d.write(ctx).NewSelect().Model(&held).Where("actor_id = ? AND key = ?", want.ActorID, want.Key).Scan(ctx); err != nil {
		return wrap(err, "read idempotency key")
	}
	if held.Operation != want.Operation || held.InputHash != want.InputHash {
		return fault.New(fault.Conflict, "idempotency.other_input").On("idempotencyKey")
	}
	return wrap(json.Unmarshal([]byte(held.Answer), answer), "read first answer")
}

// ForgetAnswers removes idempotency keys from before then.
func (d *DB) ForgetAnswers(ctx context.Context, before time.Time) error {
	_, err := d.write(ctx).NewDelete().Model((*idempotencyKey)(nil)).Where("created_at < ?", before).Exec(ctx)
	return wrap(err, "forget answers")
}
