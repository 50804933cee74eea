// Package schema holds the public contract as text, one file a feature.
package schema

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Files are the schema's sources.
//
//go:embed *.graphqls
var Files embed.FS

// Load parses the whole schema, with the parts of every persona.
func Load() (*ast.Schema, error) {
	names, err := fs.Glob(Files, "*.graphqls")
	if err != nil {
		return nil, fmt.Errorf("find the schema: %w", err)
	}
	sources := make([]*ast.Source, len(names))
	for i, name := range names {
		text, err := Files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		sources[i] = &ast.Source{Name: name, Input: string(text)}
	}
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		return nil, fmt.Errorf("load the schema: %w", err)
	}
	return s, nil
}
