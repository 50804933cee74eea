import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import districtsFile from './districts.json'
import regionsFile from './regions.json'

/** An area as it is drawn: its outline, its middle and the box around it, in the units of the picture. */
export type Shape = { code: string; path: string; middle: [number, number]; box: Box }
export type Box = { left: number; top: number; right: number; bottom: number }

/** One degree of latitude is a hundred units; a degree of longitude is narrower, as at 36° N. */
const unit = 100
const narrow = Math.cos((36 * Math.PI) / 180)

/** The islands in the eastern sea lie far out: they are drawn nearer, in a frame of their own. */
const farEast = 130.4
const nearer = 1.05

/** place puts a longitude and latitude on the picture. */
export function place([longitude = 0, latitude = 0]: Position): [number, number] {
  const x = longitude > farEast ? longitude - nearer : longitude
  return [(x - 124.6) * unit * narrow, (38.7 - latitude) * unit]
}

/** eastern is the frame around 울릉도 and 독도, and where 독도 lies: it is too small to have an outline. */
export const eastern = { frame: boxOf([place([130.6, 37.75]), place([132.1, 37.05])]), dokdo: place([131.87, 37.24]) }

/** The whole country with its frame. */
export const country: Box = { left: 0, top: 0, right: eastern.frame.right + 6, bottom: 556 }

let regionShapes: Shape[] | undefined
let districtShapes: Shape[] | undefined

/** regions draws the 17 provinces. */
export function regions(): Shape[] {
  regionShapes ??= shapesOf(regionsFile as unknown as Topology)
  return regionShapes
}

/** districts draws the 229 cities and counties. */
export function districts(): Shape[] {
  districtShapes ??= shapesOf(districtsFile as unknown as Topology)
  return districtShapes
}

function shapesOf(file: Topology): Shape[] {
  const all = feature(file, file.objects.areas as GeometryCollection<{ code: string }>) as FeatureCollection<Polygon | MultiPolygon, { code: string }>
  return all.features.map(shapeOf)
}

function shapeOf(area: Feature<Polygon | MultiPolygon, { code: string }>): Shape {
  const parts = area.geometry.type === 'Polygon' ? [area.geometry.coordinates] : area.geometry.coordinates
  const rings = parts.flat().map((ring) => ring.map(place))
  const largest = parts.map((part) => part[0]!.map(place)).reduce((a, b) => (Math.abs(twiceArea(b)) > Math.abs(twiceArea(a)) ? b : a))
  return {
    code: area.properties.code,
    path: rings.map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`).join(''),
    middle: middleOf(largest),
    box: boxOf(largest),
  }
}

function twiceArea(ring: [number, number][]): number {
  let sum = 0
  for (let i = 0; i + 1 < ring.length; i++) sum += ring[i]![0] * ring[i + 1]![1] - ring[i + 1]![0] * ring[i]![1]
  return sum
}

/** middleOf is the centre of mass of a ring. */
export function middleOf(ring: [number, number][]): [number, number] {
  const area = twiceArea(ring)
  let x = 0
  let y = 0
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[x0, y0], [x1, y1]] = [ring[i]!, ring[i + 1]!]
    const cross = x0 * y1 - x1 * y0
    x += (x0 + x1) * cross
    y += (y0 + y1) * cross
  }
  return [x / (3 * area), y / (3 * area)]
}

export function boxOf(points: [number, number][]): Box {
  const xs = points.map((p) => p[0])
  const ys = points.map((p) => p[1])
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** around is the smallest box that holds all boxes, with a margin in units. */
export function around(boxes: Box[], margin: number): Box {
  return {
    left: Math.min(...boxes.map((b) => b.left)) - margin,
    top: Math.min(...boxes.map((b) => b.top)) - margin,
    right: Math.max(...boxes.map((b) => b.right)) + margin,
    bottom: Math.max(...boxes.map((b) => b.bottom)) + margin,
  }
}
