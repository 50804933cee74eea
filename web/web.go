// Package web holds the persona apps as they were built into dist. Go builds
// without them too: then an app is simply not there.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Folder returns what was built under a name: "dealer", "rep", "hq", "link",
// "playground" or "fonts". It returns false when that was not built.
func Folder(name string) (fs.FS, bool) {
	folder, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		return nil, false
	}
	if _, err := fs.Stat(folder, "."); err != nil {
		return nil, false
	}
	return folder, true
}
