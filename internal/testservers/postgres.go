package testservers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// StartPostgres starts a private PostgreSQL with an empty database and a
// superuser named dure. It does not sync to disk: it is fast, and a power cut
// would lose it. settings such as "fsync=on" override that. It fails with
// ErrMissing when the binaries are not on this machine.
func StartPostgres(ctx context.Context, settings ...string) (*Server, error) {
	return again(func() (*Server, error) { return startPostgres(ctx, settings) })
}

func startPostgres(ctx context.Context, settings []string) (_ *Server, err error) {
	initdb, err := findBinary("initdb", "/usr/lib/postgresql/*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := findBinary("postgres", filepath.Join(filepath.Dir(initdb), "postgres"))
	if err != nil {
		return nil, err
	}
	folder, err := newFolder()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder)
		}
	}()
	attributes, err := unprivileged(folder)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}

	data := filepath.Join(folder, "data")
	// The C locale sorts text by bytes, as SQLite does.
	create := exec.CommandContext(ctx, initdb, "--pgdata", data, "--username=dure", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync")
	create.Dir, create.SysProcAttr = folder, attributes
	if output, err := create.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, output)
	}

	arguments := []string{"-D", data, "-k", folder, "-h", "127.0.0.1", "-p", strconv.Itoa(port)}
	for _, setting := range append([]string{
		"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
		"shared_buffers=128MB", "max_wal_size=2GB", "timezone=UTC",
	}, settings...) {
		arguments = append(arguments, "-c", setting)
	}
	command := exec.Command(postgres, arguments...)
	command.Dir = folder
	command.SysProcAttr = &syscall.SysProcAttr{Credential: attributes.Credential}
	// SIGQUIT is PostgreSQL's immediate shutdown: it takes its children with it.
	running, err := launch(command, syscall.SIGQUIT, filepath.Join(folder, "log"))
	if err != nil {
		return nil, err
	}
	url := fmt.Sprintf("postgres://dure@127.0.0.1:%d/postgres?sslmode=disable", port)
	err = running.await(ctx, func(ctx context.Context) error {
		connection, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		return connection.Close(ctx)
	})
	if err != nil {
		return nil, err
	}
	return &Server{URL: url, folder: folder, processes: []*process{running}}, nil
}

// unprivileged gives folder to the user that PostgreSQL shall run as: ourselves,
// or the user named postgres when we are root, whom PostgreSQL refuses.
func unprivileged(folder string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{}
	if os.Geteuid() != 0 {
		return attributes, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root: %w", err)
	}
	userID, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	groupID, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(userID), Gid: uint32(groupID)}
	return attributes, os.Chown(folder, int(userID), int(groupID))
}
