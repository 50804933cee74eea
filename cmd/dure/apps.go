package main

import (
	"net/http"

	"dure/server"
	"dure/web"
)

// openApps puts the apps that were built, and the GraphQL IDE, behind their doors.
// The demo, if any, must be there already.
func openApps(deps *server.Deps) {
	deps.Apps = map[string]http.Handler{}
	for name, prefix := range map[string]string{"dealer": "/dealer", "rep": "/rep", "hq": "/hq", "link": "/c"} {
		if built, is := web.Folder(name); is {
			deps.Apps[name] = server.BuiltApp(prefix, built)
		}
	}
	if built, is := web.Folder("playground"); is {
		deps.Playground = server.BuiltPlayground(built, deps.Demo)
	}
	if fonts, is := web.Folder("fonts"); is {
		deps.Fonts = fonts
	}
}
