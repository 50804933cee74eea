package logistics

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"slices"

	"dure/domain/fault"
)

// What a photo may be.
const (
	MaxPhoto  = 10 << 20 // bytes
	maxPixels = 100_000_000
)

var errNoPicture = fault.New(fault.Invalid, "shipment.no_picture").On("photo")

// Picture returns the picture in raw and nothing else, as bare does, with its
// content type.
func Picture(raw []byte) (picture []byte, contentType string, err error) {
	contentType = "image/jpeg"
	if bytes.HasPrefix(raw, pngHead) {
		contentType = "image/png"
	}
	picture, err = bare(raw)
	return picture, contentType, err
}

// bare returns the picture in raw and nothing else: JPEG or PNG without the
// place, the camera, comments, or whatever follows its end. The
// pixels are not touched, and not decoded.
func bare(raw []byte) ([]byte, error) {
	if len(raw) > MaxPhoto {
		return nil, fault.New(fault.Invalid, "shipment.photo_too_large", MaxPhoto>>20).On("photo")
	}
	cut, decode := bareJPEG, jpeg.DecodeConfig
	if bytes.HasPrefix(raw, pngHead) {
		cut, decode = barePNG, png.DecodeConfig
	}
	picture, ok := cut(raw)
	if !ok {
		return nil, errNoPicture
	}
	size, err := decode(bytes.NewReader(picture))
	if err != nil || size.Width*size.Height > maxPixels {
		return nil, errNoPicture
	}
	return picture, nil
}

// The markers of a JPEG.
const (
	marker       = 0xff
	startOfImage = 0xd8
	endOfImage   = 0xd9
	startOfScan  = 0xda
	firstApp     = 0xe0 // JFIF; the rest of the application's segments tell of camera and place
	adobeApp     = 0xee // how colours are stored
	lastApp      = 0xef
	comment      = 0xfe
)

// bareJPEG walks the segments of a JPEG to its end and keeps those that its
// pixels need.
func bareJPEG(raw []byte) ([]byte, bool) {
	if len(raw) < 4 || raw[0] != marker || raw[1] != startOfImage {
		return nil, false
	}
	out, at, scanned := append([]byte{}, raw[:2]...), 2, false
	for at+4 <= len(raw) || at+2 == len(raw) {
		if raw[at] != marker {
			return nil, false
		}
		kind := raw[at+1]
		if kind == marker { // padding
			at++
			continue
		}
		if kind == endOfImage {
			return append(out, marker, endOfImage), scanned
		}
		if at+4 > len(raw) {
			return nil, false
		}
		end := at + 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if end < at+4 || end > len(raw) {
			return nil, false
		}
		if kind == startOfScan {
			end, scanned = scanEnd(raw, end), true
		}
		if kind != comment && (kind < firstApp || kind > lastApp || kind == firstApp || kind == adobeApp) {
			out = append(out, raw[at:end]...)
		}
		at = end
	}
	return nil, false
}

// scanEnd is where the pixels that begin at from end: at the next marker that
// neither stands for a byte nor restarts the decoder.
func scanEnd(raw []byte, from int) int {
	for i := from; i+1 < len(raw); i++ {
		if next := raw[i+1]; raw[i] == marker && next != 0 && (next < 0xd0 || next > 0xd7) {
			return i
		}
	}
	return len(raw)
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// pngNeeds are the chunks that the pixels of a PNG need.
var pngNeeds = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB"}

// barePNG walks the chunks of a PNG to its end and keeps those that its pixels
// need.
func barePNG(raw []byte) ([]byte, bool) {
	const frame = 12 // length, kind and checksum of a chunk
	out, at, pixels := append([]byte{}, pngHead...), len(pngHead), false
	for at+frame <= len(raw) {
		size := int(binary.BigEndian.Uint32(raw[at:]))
		if size > len(raw)-at-frame {
			return nil, false
		}
		end := at + frame + size
		if crc32.ChecksumIEEE(raw[at+4:end-4]) != binary.BigEndian.Uint32(raw[end-4:]) {
			return nil, false
		}
		kind := string(raw[at+4 : at+8])
		if slices.Contains(pngNeeds, kind) {
			out = append(out, raw[at:end]...)
		}
		pixels = pixels || kind == "IDAT"
		if kind == "IEND" {
			return out, pixels
		}
		at = end
	}
	return nil, false
}
