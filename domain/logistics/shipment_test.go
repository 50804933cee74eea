package logistics

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/fault"
)

var noon = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func TestMoves(t *testing.T) {
	for name, tt := range map[string]struct {
		from ShipmentStatus
		key  string
	}{
		"before the carrier accepted": {ShipmentOffered, "shipment.not_accepted"},
		"after it declined":           {ShipmentDeclined, "shipment.over"},
		"after the cancellation":      {ShipmentCancelled, "shipment.over"},
		"after the delivery":          {ShipmentDelivered, "shipment.already_delivered"},
		"on the way":                  {ShipmentAccepted, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Shipment{Status: tt.from, RequestedAt: noon.Add(-time.Hour), ClosedAt: noon}
			moved, err := s.Move(ShipmentEvent{Status: ShipmentLoaded, OccurredAt: noon})
			assert.Equal(t, tt.key == "", moved)
			if tt.key != "" {
				require.ErrorIs(t, err, fault.New(fault.Conflict, tt.key))
				assert.Equal(t, tt.from, s.Status, "a refused report leaves everything as it was")
			}
		})
	}
}

// Whatever the order in which reports arrive, and however often, they end in the
// same state.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		report := rapid.Custom(func(t *rapid.T) ShipmentEvent {
			return ShipmentEvent{Status: rapid.SampledFrom(steps).Draw(t, "status"), OccurredAt: noon.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "minute")) * time.Minute)}
		})
		events := rapid.SliceOfN(report, 1, 12).Draw(t, "events")
		end := func(events []ShipmentEvent) Shipment {
			s := Shipment{Status: ShipmentAccepted, RequestedAt: noon}
			for _, e := range events {
				_, err := s.Move(e)
				require.NoError(t, err)
			}
			return s
		}
		want := end(events)
		twice := append(slices.Clone(events), events...)
		assert.Equal(t, want, end(rapid.Permutation(twice).Draw(t, "order")))
	})
}

func TestContactIsOpenWhileItIsNeeded(t *testing.T) {
	for name, tt := range map[string]struct {
		status          ShipmentStatus
		after           time.Duration
		carrier, dealer bool
	}{
		"offered":                         {ShipmentOffered, 0, false, true},
		"accepted":                        {ShipmentAccepted, 0, true, true},
		"on the way":                      {ShipmentInTransit, 0, true, true},
		"just delivered":                  {ShipmentDelivered, time.Minute, true, true},
		"an instant before the week ends": {ShipmentDelivered, ContactDays*24*time.Hour - 1, true, true},
		"when the week ends":              {ShipmentDelivered, ContactDays * 24 * time.Hour, false, false},
		"declined":                        {ShipmentDeclined, 0, false, false},
		"cancelled":                       {ShipmentCancelled, 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Shipment{Status: tt.status, ClosedAt: noon}
			assert.Equal(t, tt.carrier, s.contactOpen(true, noon.Add(tt.after)))
			assert.Equal(t, tt.dealer, s.contactOpen(false, noon.Add(tt.after)))
		})
	}
}

func scene() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 33, 21))
	for i := range 33 * 21 {
		m.Set(i%33, i/33, color.RGBA{R: uint8(i), G: uint8(i / 3), B: 90, A: 255})
	}
	return m
}

func TestABarePictureShowsTheSame(t *testing.T) {
	var asJPEG, asPNG bytes.Buffer
	require.NoError(t, jpeg.Encode(&asJPEG, scene(), nil))
	require.NoError(t, png.Encode(&asPNG, scene()))
	for name, raw := range map[string][]byte{"JPEG": asJPEG.Bytes(), "PNG": asPNG.Bytes()} {
		t.Run(name, func(t *testing.T) {
			kept, err := bare(raw)
			require.NoError(t, err)
			want, _, err := image.Decode(bytes.NewReader(raw))
			require.NoError(t, err)
			got, _, err := image.Decode(bytes.NewReader(kept))
			require.NoError(t, err)
			assert.Equal(t, want, got)
			again, err := bare(kept)
			require.NoError(t, err)
			assert.Equal(t, kept, again)
		})
	}
}

// FuzzBare checks that no bytes make it fail otherwise than by a fault, and that
// what it keeps has nothing left to cut.
func FuzzBare(f *testing.F) {
	var b bytes.Buffer
	require.NoError(f, jpeg.Encode(&b, scene(), nil))
	f.Add(b.Bytes())
	b.Reset()
	require.NoError(f, png.Encode(&b, scene()))
	f.Add(b.Bytes())
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*....\xff\xd9"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		kept, err := bare(raw)
		if err != nil {
			assert.Equal(t, fault.Invalid, fault.CodeOf(err))
			return
		}
		again, err := bare(kept)
		assert.NoError(t, err)
		assert.Equal(t, kept, again)
	})
}
