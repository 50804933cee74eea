package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Check asks whether something that the server leans on is there.
type Check struct {
	Name string // such as "database"
	// Needed tells that nothing can be served without it. Redis is not: ranks
	// are answered from the ledger while it is away.
	Needed bool
	Ask    func(ctx context.Context) error
}

// checkTime is how long a check may take.
const checkTime = 2 * time.Second

func alive(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": "alive"})
}

// ready answers 200 while requests can be served: "ready", or "degraded" when
// something is away that can be done without. It answers 503 and "down" when
// something is away that cannot. Each check says "ok" or "away", and why goes
// to the log alone.
func ready(log *slog.Logger, checks []Check) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTime)
		defer cancel()
		errs := make([]error, len(checks))
		var wait sync.WaitGroup
		for i, c := range checks {
			wait.Go(func() { errs[i] = c.Ask(ctx) })
		}
		wait.Wait()

		answer, status := map[string]string{"status": "ready"}, http.StatusOK
		for i, c := range checks {
			answer[c.Name] = "ok"
			if errs[i] == nil {
				continue
			}
			answer[c.Name] = "away"
			log.WarnContext(r.Context(), "a check failed", "check", c.Name, "error", errs[i])
			if c.Needed {
				answer["status"], status = "down", http.StatusServiceUnavailable
			} else if status == http.StatusOK {
				answer["status"] = "degraded"
			}
		}
		reply(w, status, answer)
	}
}

// reply writes a small JSON object that nobody may keep.
func reply(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has left; there is nobody to tell
}
