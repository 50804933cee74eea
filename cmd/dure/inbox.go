package main

import (
	"fmt"
	"os"

	"dure/adapters/ids"
	"dure/adapters/store"
	"dure/domain/inbox"
	"dure/domain/page"
	"dure/domain/work"
	"dure/jobs"
)

// wireInbox wires what tells people of what concerns them.
func (p *platform) wireInbox(kit work.Kit, cursors page.Codec) {
	notices := store.Inboxes{DB: p.db}
	p.inbox = &inbox.Service{Kit: kit, Store: notices, Cursors: cursors, Bell: p.redis.Bell()}
	host, _ := os.Hostname()
	p.postman = jobs.NewPostman(jobs.Postman{
		Acts: notices, Progress: store.Progress{DB: p.db}, Kinds: inbox.Kinds, Deliver: p.inbox.Deliver,
		Holder: fmt.Sprintf("%s/%s", host, ids.New("run")), Logger: p.log,
	})
	p.db.OnCommit(p.postman.Wake)
}
