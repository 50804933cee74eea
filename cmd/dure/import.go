package main

import (
	"context"
	"errors"
)

// importCommand brings past results in.
type importCommand struct {
	Sales importSalesCommand `cmd:"" help:"Bring past sales in from a CSV file, all of them or none."`
}

type importSalesCommand struct {
	File string `arg:"" type:"existingfile" help:"The file."`
}

// Run implements the command.
func (c importSalesCommand) Run(context.Context, *Settings) error {
	return errors.New("not yet")
}
