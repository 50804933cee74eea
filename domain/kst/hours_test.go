package kst_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"dure/domain/kst"
)

func TestOfficeTime(t *testing.T) {
	for name, tt := range map[string]struct {
		from  string
		hours int
		until string
	}{
		"within a day":                          {"2026-11-24 10:00:00", 4, "2026-11-24 14:00:00"},
		"the clock starts when the office does": {"2026-11-24 03:00:00", 1, "2026-11-24 10:00:00"},
		"and stands still after it closed":      {"2026-11-24 22:15:00", 1, "2026-11-25 10:00:00"},
		"to the last minute":                    {"2026-11-24 09:00:00", 9, "2026-11-24 18:00:00"},
		"over a night":                          {"2026-11-24 17:00:00", 2, "2026-11-25 10:00:00"},
		"over a weekend":                        {"2026-11-27 17:00:00", 2, "2026-11-30 10:00:00"},
		"over Christmas and a weekend":          {"2026-12-24 17:00:00", 2, "2026-12-28 10:00:00"},
		"over 추석":                               {"2026-09-23 17:30:00", 1, "2026-09-28 09:30:00"},
		"over days":                             {"2026-11-23 09:00:00", 27, "2026-11-25 18:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, at(t, tt.until), kst.AddBusinessHours(at(t, tt.from), time.Duration(tt.hours)*time.Hour))
		})
	}
}
