// Makes kit/map/regions.json and kit/map/districts.json: the provinces and the
// cities and counties of Korea as TopoJSON, drawn small. Run once, and again when
// boundaries change; what it makes is committed. The outlines come from the npm
// package named below (MIT), the simplification from mapshaper.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './vite.mjs'

const outlines = '@tenqube/react-korea-bubble-map@0.0.4'
const shaper = 'mapshaper@0.6.102'
// Cities with wards of their own are one district here, as dealers know them:
// the wards' codes share its first four digits.
const cities = ['41110', '41130', '41170', '41190', '41270', '41280', '41460', '43110', '44130', '47110', '48120', '52110']
const districtOf = (code) => cities.find((c) => c.slice(0, 4) === code.slice(0, 4)) ?? code

const work = mkdtempSync(join(tmpdir(), 'geography-'))
try {
  writeFileSync(join(work, 'package.json'), '{"private":true}')
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--silent', outlines, shaper], { cwd: work, stdio: 'inherit' })
  const folder = join(work, 'node_modules/@tenqube/react-korea-bubble-map/dist/esm')
  for (const [name, prefix, digits, share, island] of [['regions', 'sido', 2, '4%', '12km2'], ['districts', 'sigungu', 5, '5%', '6km2']]) {
    const file = readdirSync(folder).find((f) => f.startsWith(`${prefix}-`))
    const { default: topology } = await import(pathToFileURL(join(folder, file)).href)
    for (const shape of topology.objects[prefix].geometries) {
      const code = shape.properties.CODE.slice(0, digits)
      shape.properties = { code: digits === 5 ? districtOf(code) : code }
    }
    const from = join(work, `${prefix}.json`)
    writeFileSync(from, JSON.stringify({ type: 'Topology', arcs: topology.arcs, transform: topology.transform, objects: { areas: topology.objects[prefix] } }))
    const to = join(root, 'kit/map', `${name}.json`)
    // Borders that almost meet are joined first; then the wanted share of points
    // stays, and islands that are too small to see go.
    execFileSync(join(work, 'node_modules/.bin/mapshaper'), [
      from, '-snap', 'interval=0.002', '-clean', '-dissolve', 'code', '-filter-islands', `min-area=${island}`, '-simplify', 'weighted', share, 'keep-shapes',
      '-rename-layers', 'areas', '-o', to, 'format=topojson', 'quantization=2000', 'force',
    ], { stdio: ['ignore', 'ignore', 'inherit'] })
    const made = JSON.parse(readFileSync(to, 'utf8'))
    writeFileSync(to, JSON.stringify(made) + '\n')
    console.log(`${name}: ${made.objects.areas.geometries.length} areas, ${readFileSync(to).length} bytes`)
  }
} finally {
  rmSync(work, { recursive: true })
}
