package main

import (
	"context"
	"net/url"
	"strings"

	"dure/adapters/messages"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/link"
	"dure/domain/webhook"
	"dure/graph/words"
	"dure/server"
)

// letters words what the domain has to tell by mail, and sends it.
type letters struct {
	mail *messages.Mail
	url  string // the address under which people reach this server
}

// Deliver implements identity.Mailer.
func (l letters) Deliver(ctx context.Context, letter identity.Letter) error {
	link := l.url + server.PathPassword + "?token=" + url.QueryEscape(letter.Token)
	subject, text := words.Mail(words.Pick(letter.Language, ""), strings.ToLower(string(letter.Kind)), letter.Name, link)
	return l.mail.Send(ctx, letter.To, subject, text)
}

// DeliverLink implements link.Mailer. Customers are written to in Korean: nobody
// has asked them for another language.
func (l letters) DeliverLink(ctx context.Context, letter link.Letter) error {
	subject, text := words.Mail(words.Ko, "customer_"+string(letter.Kind), letter.Name, letter.Says)
	return l.mail.Send(ctx, letter.To, subject, text)
}

// DeliverNotice implements webhook.Mailer. A partner's system has no language of
// its own: the letter is in both.
func (l letters) DeliverNotice(ctx context.Context, n webhook.Notice) error {
	since := n.Since.In(kst.Zone).Format("2006-01-02 15:04 MST")
	subject, korean := words.PausedMail(words.Pick("ko", ""), n.Organization, n.URL, string(n.Reason), since)
	other, english := words.PausedMail(words.Pick("en", ""), n.Organization, n.URL, string(n.Reason), since)
	return l.mail.Send(ctx, n.To, subject+" / "+other, korean+"\n\n"+english)
}

// openMail lets letters be sent where the settings name a mail server. Without one
// nobody is offered any.
func (p *platform) openMail(c *serveCommand) error {
	p.links.URL = c.publicURL()
	if c.SMTPURL == "" {
		return nil
	}
	mail, err := messages.OpenMail(c.SMTPURL)
	if err != nil {
		return err
	}
	send := letters{mail, c.publicURL()}
	p.people.Mailer, p.people.Post = send, p.library
	p.links.Mailer, p.links.Post = send, p.library
	p.webhooks.Mailer, p.webhooks.Notices = send, p.library
	return nil
}
