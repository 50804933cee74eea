package leaderboard

import "errors"

// ErrAway tells that the boards cannot answer now: Redis is out of reach, or
// was emptied and has not been refilled yet.
var ErrAway = errors.New("leaderboards are away")
