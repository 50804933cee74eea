// Package transport serves GraphQL: over HTTP (POST and GET), server-sent events
// and WebSocket. It stands on gqlgen's executor and on none of its transports.
//
// A request passes these doors in this order, the cheap ones first: how it is
// addressed (method, media types), who sends it, bytes, JSON nesting, which
// document it means, tokens, the document's shape and least cost (package
// limit), validation, variables, the cost with these variables. What comes
// through all of them runs. Documents that came through once are remembered, up
// to a bound, for each persona's schema by itself.
//
// # Protocols
//
// HTTP follows the GraphQL-over-HTTP draft of 2025: a request error is 400 as
// application/graphql-response+json and 200 as application/json, and it never
// carries "data". Mutations by GET are 405. Bodies are application/json alone,
// which no form on another site can send. A subscription is 406 to a caller who
// does not accept text/event-stream.
//
// Server-sent events follow graphql-sse in its distinct connections mode, by
// POST and by GET. A stream that the server gives up (it stops, or the caller's
// token has expired) ends without the event "complete", because the operation
// is not complete: clients connect anew.
//
// WebSocket follows graphql-transport-ws. Beyond the protocol's own close codes:
//
//	1001  the server stops; connect anew
//	1009  a message over the limit
//	4403  a bad token in connection_init, or a token that expired since;
//	      clients take this as the sign to refresh it and connect anew
//	4500  a bug of ours
//
// When the server stops, subscriptions end at once, and queries and mutations get
// a few seconds to be answered before 1001. An operation over the number that a
// socket may have is answered by "error", and the socket lives on.
//
// # Sources
//
// Every operation runs behind the interface source, which hands out marshalled
// answers one by one. Transports know nothing else of execution. This is where
// one execution may serve many subscribers: a group that executes once per
// (operation, canonical variables, scope of the principal) is another source,
// chosen in operation.start, whose next takes the bytes that the group
// marshalled from the subscriber's own bounded queue.
//
// A transport asks for the next answer only when the last one was written, so a
// subscriber holds one message at a time, and one write deadline bounds how long
// a stalled reader can hold even that: then its connection is cut.
package transport
