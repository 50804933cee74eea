import type { KeyboardEvent } from 'react'
import { around, type Box, country, districts, eastern, regions, type Shape } from './geometry'
import { scaleOf, stepOf } from './scale'
import styles from './map.module.css'

/** A province or district with what it is coloured by; null is not known. */
export type Area = { code: string; name: string; value: number | null; /** The value in words. */ said: string }

/** Something that stands in a district, such as a dealer; a text of a character or two shows in its circle. */
export type Spot = { id: string; district: string; label: string; text?: string; tone?: 'field' | 'amber' | 'brick' }

type Props = {
  /** What the map shows, for who doesn't see it. */
  label: string
  level: 'region' | 'district'
  areas?: Area[]
  /** Colours for more or less of something, or for under and over the middle. */
  scale?: 'amount' | 'balance'
  middle?: number
  spots?: Spot[]
  /** Codes of the areas that fill the picture; the whole country without. */
  focus?: string[]
  selected?: string
  /** Is told the code of an area that was touched. */
  onArea?: (code: string) => void
  /** Is told the id of a spot that was touched. */
  onSpot?: (id: string) => void
}

/**
 * CountryMap draws the provinces or districts of Korea. It shows where things are;
 * whoever uses it puts a list of the same beside it, for those who read rather than see.
 */
export function CountryMap({ label, level, areas = [], scale: kind = 'amount', middle, spots = [], focus, selected, onArea, onSpot }: Props) {
  const shapes = level === 'region' ? regions() : districts()
  const known = new Map(areas.map((a) => [a.code, a]))
  const scale = scaleOf(areas.flatMap((a) => (a.value === null ? [] : [a.value])), kind, middle)
  const view = viewOf(shapes, focus)
  // A unit of the picture on a phone's screen: what is to be touched stays as large when the map is near.
  const size = Math.max(view.right - view.left, view.bottom - view.top) / 360
  const places = placed(spots, size)
  return (
    <svg className={styles.map} viewBox={`${view.left} ${view.top} ${view.right - view.left} ${view.bottom - view.top}`} role="group" aria-label={label} data-scale={kind}>
      <g>
        {shapes.map((s) => {
          const a = known.get(s.code)
          return (
            <path
              key={s.code} d={s.path} className={styles.area} strokeWidth={size} data-step={a && a.value !== null ? stepOf(scale, a.value) : undefined} data-open={onArea && a ? '' : undefined}
              {...(onArea && a ? press(() => onArea(s.code), `${a.name}: ${a.said}`) : { 'aria-hidden': true })}
            >
              {a && <title>{`${a.name}: ${a.said}`}</title>}
            </path>
          )
        })}
        {level === 'district' && regions().map((s) => <path key={s.code} d={s.path} className={styles.border} strokeWidth={size * 1.6} aria-hidden="true" />)}
        {shapes.filter((s) => s.code === selected).map((s) => <path key={s.code} d={s.path} className={styles.selected} strokeWidth={size * 2.5} aria-hidden="true" />)}
      </g>
      {!focus?.length && <East />}
      {places.map(({ spot, x, y }) => (
        <g key={spot.id} className={styles.spot} data-tone={spot.tone ?? 'field'} transform={`translate(${x} ${y}) scale(${size})`} {...(onSpot ? press(() => onSpot(spot.id), [spot.text, spot.label].filter(Boolean).join(' ')) : { 'aria-hidden': true })}>
          <circle r="24" className={styles.reach} />
          <circle r="15" className={styles.dot} />
          <text dy="0.36em" aria-hidden="true">{spot.text}</text>
        </g>
      ))}
    </svg>
  )
}

function East() {
  const { frame, dokdo } = eastern
  return (
    <g aria-hidden="true">
      <rect className={styles.frame} x={frame.left} y={frame.top} width={frame.right - frame.left} height={frame.bottom - frame.top} />
      <circle className={styles.islet} cx={dokdo[0]} cy={dokdo[1]} r="2.5" />
    </g>
  )
}

function press(act: () => void, label: string) {
  return {
    role: 'button',
    tabIndex: 0,
    'aria-label': label,
    onClick: act,
    onKeyDown: (e: KeyboardEvent) => {
      if (e.key !== 'Enter' && e.key !== ' ') return
      e.preventDefault()
      act()
    },
  } as const
}

function viewOf(shapes: Shape[], focus?: string[]): Box {
  const wanted = focus?.length ? [...shapes, ...regions()].filter((s) => focus.includes(s.code)) : []
  return wanted.length === 0 ? country : around(wanted.map((s) => s.box), 8)
}

/** placed puts each spot in the middle of its district; several in one stand on a circle around it. */
function placed(spots: Spot[], size: number) {
  const byDistrict = new Map<string, Spot[]>()
  for (const s of spots) byDistrict.set(s.district, [...(byDistrict.get(s.district) ?? []), s])
  return [...byDistrict].flatMap(([code, together]) => {
    const shape = districts().find((d) => d.code === code)
    if (!shape) return []
    const [x, y] = shape.middle
    const reach = together.length === 1 ? 0 : (16 * size) / Math.sin(Math.PI / together.length)
    return together.map((spot, i) => {
      const turn = (2 * Math.PI * i) / together.length - Math.PI / 2
      return { spot, x: x + reach * Math.cos(turn), y: y + reach * Math.sin(turn) }
    })
  })
}

/** Legend says what the colours stand for, from the lowest to the highest. */
export function Legend({ areas, kind = 'amount', middle, said }: { areas: Area[]; kind?: 'amount' | 'balance'; middle?: number; said: (value: number) => string }) {
  const values = areas.flatMap((a) => (a.value === null ? [] : [a.value]))
  if (values.length === 0) return null
  const { steps } = scaleOf(values, kind, middle)
  const low = Math.min(...values)
  return (
    <ul className={styles.legend} data-scale={kind}>
      {[low, ...steps].map((from, i) => (
        <li key={from}>
          <span data-step={stepOf({ kind, steps }, i === 0 ? Math.min(low, (steps[0] ?? low) - 1) : from)} aria-hidden="true" />
          {i === 0 && steps.length > 0 ? `– ${said(steps[0]!)}` : `${said(from)} –`}
        </li>
      ))}
    </ul>
  )
}
