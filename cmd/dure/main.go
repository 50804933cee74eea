// Command dure is the whole platform in one binary.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the zones that clients name, wherever the binary runs

	"github.com/alecthomas/kong"
)

// cli is what the binary can do, and its settings as flags and environment.
type cli struct {
	Settings

	Serve          serveCommand          `cmd:"" default:"withargs" help:"Serve the API and the apps."`
	Sandbox        sandboxCommand        `cmd:"" help:"Serve the demo world to a partner's developer: serve --demo by another name."`
	Migrate        migrateCommand        `cmd:"" help:"Bring the database's schema up to date."`
	Import         importCommand         `cmd:"" help:"Bring past results in."`
	Rebuild        rebuildCommand        `cmd:"" help:"Throw the leaderboards away and fill them from the ledger."`
	VerifyBoards   verifyBoardsCommand   `cmd:"" help:"Compare the leaderboards with the ledger; exits 1 on any difference."`
	VerifyContract verifyContractCommand `cmd:"" help:"Check a sealed contract package without the server; exits 1 when it does not hold."`
	RegisterClient registerClientCommand `cmd:"" help:"Let a lender's or a carrier's system ask for tokens, or give it a new secret."`
	TiePerson      tiePersonCommand      `cmd:"" help:"Tell which person another issuer's tokens for a subject speak for."`
	Schema         schemaCommand         `cmd:"" help:"Print the GraphQL schema as a persona sees it."`
}

// Settings are what every command shares.
type Settings struct {
	Data        string   `env:"DURE_DATA" default:"./data" help:"Folder of the embedded default: database, files, keys; :memory: keeps nothing."`
	DatabaseURL string   `env:"DURE_DATABASE_URL" help:"postgres://… in production; SQLite in the data folder when unset."`
	Replicas    []string `env:"DURE_DATABASE_REPLICAS" help:"postgres://… of read replicas."`
	RedisURL    string   `env:"DURE_REDIS_URL" help:"redis://…, a comma list for a cluster; an in-process server when unset."`
	Key         string   `env:"DURE_KEY" help:"Master key, 32 bytes in hex or base64; kept in the data folder when unset."`
	LogFormat   string   `env:"DURE_LOG" enum:"text,json" default:"text" help:"Format of the log on standard error."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	tuneRuntime()
	var c cli
	parser := kong.Parse(&c,
		kong.Name("dure"),
		kong.Description("The sales platform of a tractor maker and its dealers."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err := parser.Run(&c.Settings); err != nil {
		fmt.Fprintln(os.Stderr, "dure:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}
