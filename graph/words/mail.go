package words

import "strings"

// Mail words a letter of a kind, such as "reset": its subject, and its text with
// the person's name and a link on a line of its own.
func Mail(l Language, kind, name, link string) (subject, body string) {
	say := func(key string) string {
		text, _, _ := find(l, key)
		return fill(l, text, map[string]any{"name": name})
	}
	lines := []string{say("mail.hello"), "", say("mail." + kind + ".text"), "", link, "", say("mail." + kind + ".until"), say("mail.ignore"), ""}
	return say("mail." + kind + ".subject"), strings.Join(lines, "\n")
}

// PausedMail words the letter that tells a partner of a paused endpoint: reason
// is "DEAD" or "GONE", since when it has failed.
func PausedMail(l Language, organization, url, reason, since string) (subject, body string) {
	say := func(key string) string {
		text, _, _ := find(l, key)
		return fill(l, text, map[string]any{"name": organization, "since": since})
	}
	lines := []string{say("mail.hello"), "", say("mail.paused." + strings.ToLower(reason)), "", url, "", say("mail.paused.next"), ""}
	return say("mail.paused.subject"), strings.Join(lines, "\n")
}
