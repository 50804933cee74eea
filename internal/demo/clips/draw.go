//go:build ignore

// Command draw makes the demo's films: a tractor at work, drawn frame by frame.
// It needs ffmpeg, and is run by hand when a film should look different:
//
//	go run ./internal/demo/clips/draw.go
package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"os/exec"
	"path/filepath"
)

const (
	width, height = 480, 270
	scale         = 2  // drawn larger, then averaged: smooth edges
	rate          = 10 // frames a second
	seconds       = 60
	horizon       = 120.0
	ground        = 205.0 // where the wheels stand
)

// film is one line of tractors and the three jobs that its chapters show.
type film struct {
	name string
	size float64 // of the tractor
	jobs [3]job
}

// job is a chapter: what the land looks like before and behind the tractor, and
// what hangs on it.
type job struct {
	before, after color.RGBA
	tool          string // plough, ridger, baler
	crop          string // rows, tunnel, none
}

var (
	soil   = color.RGBA{150, 112, 76, 255}
	turned = color.RGBA{96, 66, 42, 255}
	paddy  = color.RGBA{126, 150, 158, 255}
	level  = color.RGBA{104, 124, 122, 255}
	straw  = color.RGBA{206, 180, 110, 255}
	bare   = color.RGBA{168, 146, 98, 255}
	ridge  = color.RGBA{122, 88, 58, 255}
)

var (
	greenhouse = [3]job{{soil, turned, "plough", "tunnel"}, {soil, ridge, "ridger", "tunnel"}, {turned, soil, "ridger", "tunnel"}}
	rice       = [3]job{{soil, turned, "plough", "none"}, {paddy, level, "ridger", "rows"}, {straw, bare, "baler", "none"}}
)

// The jobs are those of the line's first crop, in the order of its chapters.
var films = []film{
	{"dr20", 0.62, greenhouse},
	{"dr35", 0.72, greenhouse},
	{"dr50", 0.84, rice},
	{"dr65", 0.94, rice},
	{"dr85", 1.02, rice},
	{"dr105", 1.12, rice},
	{"dr140", 1.22, rice},
}

func main() {
	for _, f := range films {
		if err := f.make(filepath.Join("internal/demo/clips", f.name+".mp4")); err != nil {
			panic(err)
		}
	}
}

func (f film) make(file string) error {
	encoder := exec.Command("ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
		"-s", fmt.Sprintf("%dx%d", width, height), "-r", fmt.Sprint(rate), "-i", "-",
		"-c:v", "libx264", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-preset", "veryslow", "-crf", "31",
		"-g", fmt.Sprint(rate*5), "-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", file)
	in, err := encoder.StdinPipe()
	if err != nil {
		return err
	}
	if err := encoder.Start(); err != nil {
		return err
	}
	for n := range rate * seconds {
		if err := f.frame(float64(n) / rate).write(in); err != nil {
			return err
		}
	}
	if err := in.Close(); err != nil {
		return err
	}
	return encoder.Wait()
}

// canvas is a picture being drawn, in units of the finished one.
type canvas struct{ pixels []color.RGBA }

func (c *canvas) set(x, y int, k color.RGBA) {
	if x >= 0 && y >= 0 && x < width*scale && y < height*scale {
		c.pixels[y*width*scale+x] = k
	}
}

func (c *canvas) shape(x0, y0, x1, y1 float64, k color.RGBA, inside func(x, y float64) bool) {
	for y := int(y0 * scale); y <= int(y1*scale); y++ {
		for x := int(x0 * scale); x <= int(x1*scale); x++ {
			if inside((float64(x)+0.5)/scale, (float64(y)+0.5)/scale) {
				c.set(x, y, k)
			}
		}
	}
}

func (c *canvas) box(x0, y0, x1, y1 float64, k color.RGBA) {
	c.shape(x0, y0, x1, y1, k, func(x, y float64) bool { return x >= x0 && x < x1 && y >= y0 && y < y1 })
}

func (c *canvas) disc(x0, y0, r float64, k color.RGBA) {
	c.shape(x0-r, y0-r, x0+r, y0+r, k, func(x, y float64) bool { return math.Hypot(x-x0, y-y0) <= r })
}

// polygon fills corners given as x, y, x, y, …
func (c *canvas) polygon(k color.RGBA, p ...float64) {
	x0, y0, x1, y1 := p[0], p[1], p[0], p[1]
	for i := 0; i < len(p); i += 2 {
		x0, x1, y0, y1 = min(x0, p[i]), max(x1, p[i]), min(y0, p[i+1]), max(y1, p[i+1])
	}
	c.shape(x0, y0, x1, y1, k, func(x, y float64) bool {
		in := false
		for i, j := 0, len(p)-2; i < len(p); j, i = i, i+2 {
			if (p[i+1] > y) != (p[j+1] > y) && x < (p[j]-p[i])*(y-p[i+1])/(p[j+1]-p[i+1])+p[i] {
				in = !in
			}
		}
		return in
	})
}

func (c *canvas) write(w io.Writer) error {
	out := make([]byte, 0, width*height*3)
	for y := range height {
		for x := range width {
			var r, g, b int
			for dy := range scale {
				for dx := range scale {
					p := c.pixels[(y*scale+dy)*width*scale+x*scale+dx]
					r, g, b = r+int(p.R), g+int(p.G), b+int(p.B)
				}
			}
			out = append(out, byte(r/(scale*scale)), byte(g/(scale*scale)), byte(b/(scale*scale)))
		}
	}
	_, err := w.Write(out)
	return err
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	m := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

func (f film) frame(at float64) *canvas {
	c := &canvas{pixels: make([]color.RGBA, width*scale*height*scale)}
	chapter := min(2, int(at/(seconds/3)))
	j, travelled := f.jobs[chapter], at*60
	c.land(j, travelled)
	x := 250 + 14*math.Sin(at/4)
	c.worked(j, x-52*f.size, travelled)
	c.tool(j.tool, x-62*f.size, f.size, travelled, at)
	c.tractor(x, f.size, travelled, at)
	if j.crop == "tunnel" {
		c.tunnel(travelled)
	}
	return c
}

func (c *canvas) land(j job, travelled float64) {
	for y := range height * scale {
		t := float64(y) / scale
		k := mix(color.RGBA{150, 196, 226, 255}, color.RGBA{234, 240, 232, 255}, min(1, t/horizon))
		if t > horizon {
			k = mix(mix(j.before, color.RGBA{255, 255, 255, 255}, 0.25), j.before, min(1, (t-horizon)/60))
		}
		for x := range width * scale {
			c.pixels[y*width*scale+x] = k
		}
	}
	c.disc(400, 44, 18, color.RGBA{252, 238, 190, 255})
	hill := func(far, rise float64, k color.RGBA) {
		c.shape(0, horizon-50, width-1, horizon, k, func(x, y float64) bool {
			s := (x + travelled*far) / 90
			return y > horizon-rise*(1.2+math.Sin(s)+0.5*math.Sin(2.3*s+1))
		})
	}
	hill(0.03, 18, color.RGBA{150, 178, 168, 255})
	hill(0.07, 10, color.RGBA{112, 150, 116, 255})
	dark := mix(j.before, color.RGBA{0, 0, 0, 255}, 0.10)
	for i := range 30 { // the land goes by
		depth := float64(i%6)/6*70 + horizon + 18
		speed := 0.5 + (depth-horizon)/90
		x := math.Mod(float64(i)*97-travelled*speed, 560)
		if x < 0 {
			x += 560
		}
		c.box(x-40, depth, x-40+10+(depth-horizon)/4, depth+1+(depth-horizon)/60, dark)
	}
	if j.crop == "rows" {
		for i := range 24 {
			x := math.Mod(float64(i)*24-travelled*1.1, 576)
			if x < 0 {
				x += 576
			}
			c.polygon(color.RGBA{96, 150, 84, 255}, x-50, 240, x-47, 228, x-44, 240)
		}
	}
}

// worked draws what lies behind the tractor.
func (c *canvas) worked(j job, from, travelled float64) {
	c.box(0, ground-6, from, ground+26, j.after)
	k := mix(j.after, color.RGBA{0, 0, 0, 255}, 0.16)
	for i := range 30 {
		x := math.Mod(float64(i)*18-travelled*1.5, 540)
		if x < 0 {
			x += 540
		}
		if x < from {
			c.polygon(k, x, ground-4, min(from, x+6), ground-4, min(from, x+2), ground+24, x-5, ground+24)
		}
	}
}

func (c *canvas) tool(tool string, x, size, travelled, at float64) {
	steel, red := color.RGBA{70, 74, 80, 255}, color.RGBA{188, 64, 46, 255}
	c.polygon(steel, x+30*size, ground-26*size, x+34*size, ground-22*size, x+6*size, ground-10*size, x+4*size, ground-14*size)
	switch tool {
	case "plough":
		for i := range 3 {
			s := x - float64(i)*11*size
			c.polygon(steel, s+8*size, ground-14*size, s+11*size, ground-14*size, s+4*size, ground+4*size, s-3*size, ground+6*size)
		}
		c.box(x-22*size, ground-17*size, x+14*size, ground-13*size, red)
	case "ridger":
		c.box(x-14*size, ground-20*size, x+12*size, ground-8*size, red)
		c.disc(x-2*size, ground-4*size, 8*size, steel)
		for i := range 6 {
			a := float64(i)*math.Pi/3 + travelled/6
			c.disc(x-2*size+7*size*math.Cos(a), ground-4*size+7*size*math.Sin(a), 2*size, color.RGBA{40, 42, 46, 255})
		}
	case "baler":
		c.box(x-34*size, ground-38*size, x+10*size, ground-6*size, red)
		c.disc(x-12*size, ground-22*size, 13*size, color.RGBA{206, 180, 110, 255})
		c.disc(x-12*size, ground-22*size, 6*size, color.RGBA{186, 160, 92, 255})
		c.disc(x-12*size, ground-2*size, 8*size, color.RGBA{40, 42, 46, 255})
	}
}

func (c *canvas) tractor(x, size, travelled, at float64) {
	y := ground - 0.8*math.Abs(math.Sin(at*8))
	paint, dark, glass := color.RGBA{18, 116, 132, 255}, color.RGBA{12, 76, 90, 255}, color.RGBA{196, 222, 230, 255}
	c.polygon(glass, x-24*size, y-74*size, x+4*size, y-74*size, x+10*size, y-40*size, x-28*size, y-40*size)
	c.polygon(dark, x-27*size, y-79*size, x+7*size, y-79*size, x+7*size, y-73*size, x-27*size, y-73*size)
	c.box(x-27*size, y-76*size, x-24*size, y-38*size, dark)
	c.polygon(dark, x+3*size, y-76*size, x+6*size, y-76*size, x+12*size, y-40*size, x+8*size, y-40*size)
	c.disc(x-10*size, y-58*size, 5*size, color.RGBA{226, 180, 146, 255}) // who drives
	c.polygon(color.RGBA{220, 196, 96, 255}, x-17*size, y-60*size, x-3*size, y-60*size, x-6*size, y-65*size, x-14*size, y-65*size)
	c.polygon(color.RGBA{60, 92, 150, 255}, x-16*size, y-53*size, x-4*size, y-53*size, x-1*size, y-40*size, x-18*size, y-40*size)
	c.polygon(paint, x-30*size, y-42*size, x+14*size, y-42*size, x+52*size, y-38*size, x+58*size, y-32*size, x+58*size, y-16*size, x-26*size, y-16*size)
	c.box(x+50*size, y-32*size, x+58*size, y-20*size, dark)
	c.disc(x+56*size, y-28*size, 2.4*size, color.RGBA{252, 240, 180, 255})
	c.box(x+26*size, y-58*size, x+29*size, y-40*size, color.RGBA{52, 54, 58, 255})
	for i := range 3 { // what the chimney breathes
		t := math.Mod(at*1.4+float64(i)/3, 1)
		c.disc(x+27*size-t*26, y-60*size-t*14, 1.5+3*t, mix(color.RGBA{190, 196, 196, 255}, color.RGBA{214, 226, 230, 255}, t))
	}
	wheel := func(wx, r float64) {
		c.disc(wx, y+4*size-r, r, color.RGBA{38, 38, 40, 255})
		for i := range 10 {
			a := float64(i)*math.Pi/5 + travelled*1.5/r
			c.disc(wx+r*0.93*math.Cos(a), y+4*size-r+r*0.93*math.Sin(a), r*0.14, color.RGBA{58, 58, 60, 255})
		}
		c.disc(wx, y+4*size-r, r*0.55, color.RGBA{234, 228, 210, 255})
		for i := range 5 {
			a := float64(i)*2*math.Pi/5 + travelled*1.5/r
			c.disc(wx+r*0.32*math.Cos(a), y+4*size-r+r*0.32*math.Sin(a), r*0.08, color.RGBA{160, 152, 132, 255})
		}
	}
	wheel(x-20*size, 27*size)
	wheel(x+42*size, 16*size)
}

// tunnel draws the hoops of a greenhouse that go by in front.
func (c *canvas) tunnel(travelled float64) {
	for i := range 5 {
		x := math.Mod(float64(i)*150-travelled*1.5, 750)
		if x < 0 {
			x += 750
		}
		x -= 100
		c.shape(x-4, 20, x+4, height-1, color.RGBA{226, 232, 232, 255}, func(px, py float64) bool {
			return math.Abs(px-x) < 1.6
		})
	}
	c.box(0, 20, width, 23, color.RGBA{226, 232, 232, 255})
}
