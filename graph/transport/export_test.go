package transport

// What the fuzz tests feed.

// DecodeRequest reads a request as a body holds it.
func DecodeRequest(text []byte, nesting int) (query string, variables map[string]any, err error) {
	r, err := decodeRequest(text, nesting)
	if err != nil {
		return "", nil, err
	}
	return r.query, r.variables, nil
}

// DecodeQuery reads a request as a query string holds it.
func DecodeQuery(raw string, nesting int) error {
	_, err := decodeQuery(raw, nesting)
	return err
}

// DecodeMessage reads a message of a socket.
func DecodeMessage(text []byte, nesting int) (kind, id string, err error) {
	m, err := decodeMessage(text, nesting)
	if err != nil {
		return "", "", err
	}
	return m.kind, m.id, nil
}
