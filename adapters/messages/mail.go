package messages

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// mailTime bounds sending one mail.
const mailTime = 30 * time.Second

// Mail sends letters through a mail server.
type Mail struct {
	client *mail.Client
	from   string
}

// OpenMail returns the sender for an address such as
// smtp://name:password@mail.example:587?from=dure@example.com, or smtps:// for a
// server that speaks TLS from the start. smtp:// asks for TLS too, but of a server
// on the same machine. It does not connect.
func OpenMail(address string) (*Mail, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("read the mail server's address: it is no address") // it may hold a password
	}
	from := u.Query().Get("from")
	if u.Hostname() == "" || from == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("read the mail server's address: want smtp://host:port?from=name@host")
	}
	options := []mail.Option{mail.WithTimeout(mailTime)}
	switch ip := net.ParseIP(u.Hostname()); {
	case u.Scheme == "smtps":
		options = append(options, mail.WithSSLPort(false))
	case u.Hostname() == "localhost" || ip != nil && ip.IsLoopback():
		options = append(options, mail.WithTLSPortPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, fmt.Errorf("read the mail server's port: %w", err)
		}
		options = append(options, mail.WithPort(port))
	}
	if password, ok := u.User.Password(); ok {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	client, err := mail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("prepare to send mail: %w", err)
	}
	return &Mail{client: client, from: from}, nil
}

// Send sends a plain text to one address.
func (m *Mail) Send(ctx context.Context, to, subject, text string) error {
	letter := mail.NewMsg()
	if err := errors.Join(letter.From(m.from), letter.To(to)); err != nil {
		return fmt.Errorf("address a mail: %w", err)
	}
	letter.Subject(subject)
	letter.SetDate()
	letter.SetMessageID()
	letter.SetBodyString(mail.TypeTextPlain, text)
	if err := m.client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	return nil
}
