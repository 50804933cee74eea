package main

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/internal/testservers"
)

func TestMain(m *testing.M) { os.Exit(testservers.Suite(m).Run()) }

func TestAbout(t *testing.T) {
	const act, twin = "act_01kb0000000000000000000001", "led_01kb0000000000000000000002"
	said := []statement{
		{SQL: "INSERT INTO acts VALUES ('" + act + "', 'ctr_a')"},
		{SQL: "INSERT INTO entries VALUES ($1, $2, $3)", Bound: true, Parameters: [][]byte{[]byte(twin), []byte(act), nil}},
	}
	told := about(said, []string{"ctr_a", "ctr_b"})

	t.Run("what is named is renamed", func(t *testing.T) {
		assert.Contains(t, told[0].SQL, "'ctr_b'")
	})
	t.Run("what was minted is minted anew, the same everywhere", func(t *testing.T) {
		fresh := minted.FindString(told[0].SQL)
		assert.NotEqual(t, act, fresh)
		assert.Equal(t, fresh, string(told[1].Parameters[1]))
		assert.NotEqual(t, twin, string(told[1].Parameters[0]))
		assert.NotEqual(t, told[0].SQL, about(said, []string{"ctr_a", "ctr_b"})[0].SQL)
	})
	t.Run("null stays null, and the model stays as it was", func(t *testing.T) {
		assert.Nil(t, told[1].Parameters[2])
		assert.Contains(t, said[0].SQL, act)
		assert.Equal(t, twin, string(said[1].Parameters[0]))
	})
}

func TestAnEarHearsATransactionThatCanBeSaidAgain(t *testing.T) {
	ctx, address := context.Background(), testservers.Postgres(t, nil)
	direct, err := pgx.Connect(ctx, address)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, direct.Close(ctx)) })
	_, err = direct.Exec(ctx, "CREATE TABLE words (word TEXT, length INTEGER)")
	require.NoError(t, err)

	listening, through, err := listenTo(ctx, address)
	require.NoError(t, err)
	config, err := pgx.ParseConfig(through)
	require.NoError(t, err)
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	client, err := pgx.ConnectConfig(ctx, config)
	require.NoError(t, err)
	_, err = client.Exec(ctx, "SELECT 'before'")
	require.NoError(t, err)
	tx, err := client.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, "INSERT INTO words VALUES ($1, $2)", "모내기", 3)
	require.NoError(t, err)
	require.NoError(t, tx.Commit(ctx))
	require.NoError(t, client.Close(ctx))
	require.NoError(t, listening.Close())

	_, err = listening.transaction("nobody said this")
	assert.Error(t, err)
	said, err := listening.transaction("INSERT INTO words")
	require.NoError(t, err)
	require.Len(t, said, 3, "begin, insert, commit")
	for _, s := range about(said, []string{"모내기", "가을"}) {
		require.NoError(t, s.say(ctx, direct.PgConn()))
	}
	rows, err := direct.Query(ctx, "SELECT word FROM words ORDER BY word")
	require.NoError(t, err)
	words, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	assert.Equal(t, []string{"가을", "모내기"}, words)
}
