import { useEffect, useRef } from 'react'
import SignaturePad from 'signature_pad'
import { Button } from '@kit/parts/controls'
import styles from './deal.module.css'

/** A signature as it was drawn, in the units of its box. */
export type Drawing = { strokes: { x: number; y: number }[][]; width: number; height: number }

/** The most points that a signature is sent with; more say nothing more. */
const most = 2_000

/** Pad is where somebody signs by finger, pen or mouse; it answers null while it is empty. */
export function Pad({ label, clear, onDraw }: { label: string; clear: string; onDraw: (drawing: Drawing | null) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad>(null)
  const tell = useRef(onDraw)
  useEffect(() => {
    tell.current = onDraw
  })
  useEffect(() => {
    const box = canvas.current!
    const made = new SignaturePad(box, { penColor: '#2c2219', minWidth: 1.2, maxWidth: 3.6 })
    pad.current = made
    const size = () => {
      const ratio = Math.max(window.devicePixelRatio, 1)
      const drawn = made.toData()
      box.width = box.offsetWidth * ratio
      box.height = box.offsetHeight * ratio
      box.getContext('2d')?.scale(ratio, ratio)
      made.fromData(drawn)
    }
    const drawn = () => tell.current(drawingOf(made, box))
    size()
    made.addEventListener('endStroke', drawn)
    window.addEventListener('resize', size)
    return () => {
      window.removeEventListener('resize', size)
      made.off()
    }
  }, [])
  return (
    <div className="stack" data-gap="1">
      <canvas ref={canvas} className={styles.pad} role="img" aria-label={label} data-testid="pad" />
      <Button onPress={() => { pad.current?.clear(); onDraw(null) }}>{clear}</Button>
    </div>
  )
}

function drawingOf(pad: SignaturePad, box: HTMLCanvasElement): Drawing | null {
  if (pad.isEmpty()) return null
  const groups = pad.toData()
  const points = groups.reduce((n, g) => n + g.points.length, 0)
  const nth = Math.ceil(points / most)
  const round = (n: number) => Math.round(n * 10) / 10
  const inside = (n: number, end: number) => Math.min(end, Math.max(0, round(n)))
  const width = box.offsetWidth
  const height = box.offsetHeight
  return { width, height, strokes: groups.map((g) => g.points.filter((_, i) => i % nth === 0).map((p) => ({ x: inside(p.x, width), y: inside(p.y, height) }))) }
}
