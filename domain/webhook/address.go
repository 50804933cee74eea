package webhook

import (
	"net/netip"
	"net/url"
	"strings"

	"dure/domain/fault"
	"dure/domain/text"
)

// maxURL is the longest URL of an endpoint, in characters.
const maxURL = 2_000

// notPublic are networks that no partner's public system is in, beside those
// that net/netip knows by name. IANA special-purpose registries, and the one
// public address at which a cloud answers about the machine itself.
var notPublic = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"168.63.129.16/32",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// Public reports whether a is an address on the open internet: no loopback,
// private, link-local, shared, reserved or multicast one, in whichever spelling.
func Public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Faults of an endpoint's URL.
var (
	errBadURL         = fault.New(fault.Invalid, "webhook.bad_url").On("url")
	errNeedsHTTPS     = fault.New(fault.Invalid, "webhook.needs_https").On("url")
	errNamesUser      = fault.New(fault.Invalid, "webhook.names_user").On("url")
	errPrivateAddress = fault.New(fault.Invalid, "webhook.private_address").On("url")
)

// checkURL returns the host of an endpoint's URL. It fails with a fault on "url"
// for what is no absolute http(s) URL, carries a user or a fragment, and,
// unless anywhere, for what is not https or names the own machine or network.
func checkURL(address string, anywhere bool) (host string, err error) {
	if err := text.Check(address, maxURL, "url"); err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" || strings.ContainsAny(address, " \t\r\n\\") {
		return "", errBadURL
	}
	if u.User != nil {
		return "", errNamesUser
	}
	host = strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if anywhere {
		return host, nil
	}
	if u.Scheme != "https" {
		return "", errNeedsHTTPS
	}
	if a, err := netip.ParseAddr(host); err == nil && !Public(a) || err != nil && ownName(host) {
		return "", errPrivateAddress
	}
	return host, nil
}

// ownName reports whether a name stands for something in the own network: names
// without a dot, the special names of RFC 6761 and 6762, and numbers that some
// resolvers read as IPv4 addresses, such as 0x7f.1.
func ownName(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch last {
	case host, "localhost", "local", "internal", "lan", "home", "arpa", "":
		return true
	}
	return last[0] >= '0' && last[0] <= '9'
}
