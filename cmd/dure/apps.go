package main

import (
	"net/http"

	"dure/server"
	"dure/web"
)

// openApps puts the apps that were built behind their doors.
func openApps(deps *server.Deps) {
	deps.Apps = map[string]http.Handler{}
	for name, prefix := range map[string]string{"dealer": "/dealer", "rep": "/rep", "hq": "/hq", "link": "/c"} {
		if built, is := web.Folder(name); is {
			deps.Apps[name] = server.BuiltApp(prefix, built)
		}
	}
	if fonts, is := web.Folder("fonts"); is {
		deps.Fonts = fonts
	}
}
