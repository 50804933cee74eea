package live_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

// BenchmarkFind measures the rank banner's read and reports its median: one
// reader, one dealer after another, with standings before.
func BenchmarkFind(b *testing.B) {
	for _, engine := range []struct {
		name string
		url  func(testing.TB) string
		size []int
	}{
		{"embedded", func(testing.TB) string { return "" }, []int{120, 10_000}},
		{"redis", testservers.Redis, []int{120, 10_000, 1_000_000}},
	} {
		for _, size := range engine.size {
			b.Run(fmt.Sprintf("%s/%d", engine.name, size), func(b *testing.B) {
				r := open(b, live.Config{URL: engine.url(b), ReadTimeout: time.Minute, WriteTimeout: time.Minute})
				ctx, s, totals := context.Background(), newSeason(), make([]leaderboard.Total, 0, size)
				for i := range size {
					totals = append(totals, total(s, fmt.Sprintf("dlr_%07d", i), int64(i+1), 1+(i*7919)%2000, i%100_000))
				}
				boards := filled(b, r, s, totals...)
				require.NoError(b, boards.SetBefore(ctx, s, day, totals))
				took, i := make([]time.Duration, 0, 1<<20), 0
				for b.Loop() {
					begun := time.Now()
					view, err := boards.Find(ctx, s, nation(s), day, totals[(i*104729)%size].DealerID)
					took = append(took, time.Since(begun))
					i++
					if err != nil || len(view.Places) != 1 {
						b.Fatal(view, err)
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
				b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
			})
		}
	}
}
