package vault

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LoadOrCreateMaster returns the deployment's master: the value given by the
// environment (64 hex digits, or base64 of 32 bytes) if it is not empty, else
// what the file at path holds. A missing file is made with mode 0600, whole or
// not at all; of processes that race to make it, all get the winner's.
func LoadOrCreateMaster(path, value string) ([]byte, error) {
	if value != "" {
		master, err := parseMaster(value)
		if err != nil {
			return nil, fmt.Errorf("master of the environment: %w", err)
		}
		return master, nil
	}
	master, err := readMaster(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return master, err
	}
	if err := createMaster(path); err != nil {
		return nil, fmt.Errorf("create master: %w", err)
	}
	return readMaster(path)
}

func readMaster(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read master: %w", err)
	}
	master, err := parseMaster(string(text))
	if err != nil {
		return nil, fmt.Errorf("master in %s: %w", path, err)
	}
	return master, nil
}

// createMaster writes a new master beside path and links it there, which fails
// without harm when another process was first.
func createMaster(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".master-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already when all went well
	master := make([]byte, MasterSize)
	rand.Read(master)
	_, err = file.WriteString(hex.EncodeToString(master) + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func parseMaster(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if key, err := hex.DecodeString(text); err == nil && len(key) == MasterSize {
		return key, nil
	}
	unpadded := strings.TrimRight(text, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if key, err := encoding.DecodeString(unpadded); err == nil && len(key) == MasterSize {
			return key, nil
		}
	}
	return nil, fmt.Errorf("want %d bytes as hex or base64", MasterSize)
}
