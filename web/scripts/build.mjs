// Builds every app into dist/: hashed assets, a service worker that knows them,
// brotli beside each text, fonts once for all, and each app's trusted documents.
// Fails when an app's first view is over its budget.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'vite'
import { apps } from './apps.mjs'
import { exportDocuments } from './documents.mjs'
import { buildPlayground } from './playground.mjs'
import { configOf, root } from './vite.mjs'

const only = process.argv.slice(2)
const chosen = apps.filter((a) => (only.length === 0 || only.includes(a.name)) && existsSync(join(root, a.name, 'index.html')))
const figures = []
for (const app of chosen) {
  await build({ ...configOf(app), logLevel: 'warn' })
  await writeWorker(app)
  figures.push(await firstView(app))
}
if (only.length === 0 || only.includes('playground')) await buildPlayground()
await copyFonts()
await compress(join(root, 'dist'))
await exportDocuments(chosen)

for (const f of figures) console.log(`${f.name}: first view ${(f.bytes / 1000).toFixed(1)} kB of ${f.budget / 1000} kB (brotli, fonts aside)`)
const over = figures.filter((f) => f.bytes > f.budget)
if (over.length > 0) {
  console.error(`over budget: ${over.map((f) => f.name).join(', ')}`)
  process.exit(1)
}

async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
}

// writeWorker gives the app's service worker the list of what to keep and a
// version that changes with any of it.
async function writeWorker(app) {
  const dist = join(root, 'dist', app.name)
  const kept = (await files(dist)).map((f) => relative(dist, f)).filter((f) => !f.startsWith('.vite') && !f.endsWith('.br') && f !== 'sw.js').sort()
  const hash = createHash('sha256')
  for (const f of kept) hash.update(f).update(await readFile(join(dist, f)))
  const version = hash.digest('hex').slice(0, 12)
  const urls = kept.map((f) => (f === 'index.html' ? app.base : app.base + f))
  const source = await readFile(join(root, 'kit/worker/worker.js'), 'utf8')
  const head = `const BASE = ${JSON.stringify(app.base)}\nconst VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(urls)}\n`
  await writeFile(join(dist, 'sw.js'), head + source)
}

// firstView adds up what the browser loads before the first screen: the page,
// its styles, and the scripts that its entry imports at once.
async function firstView(app) {
  const dist = join(root, 'dist', app.name)
  const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8'))
  const wanted = new Set(['index.html'])
  const visit = (key) => {
    const chunk = manifest[key]
    if (!chunk || wanted.has(chunk.file)) return
    wanted.add(chunk.file)
    for (const css of chunk.css ?? []) wanted.add(css)
    for (const next of chunk.imports ?? []) visit(next)
  }
  visit('index.html')
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isDynamicEntry && key.endsWith('first.tsx')) visit(key)
  let bytes = 0
  for (const f of wanted) bytes += brotli(await readFile(join(dist, f))).length
  await rm(join(dist, '.vite'), { recursive: true })
  return { name: app.name, bytes, budget: app.firstViewBudget }
}

async function copyFonts() {
  const from = join(root, 'node_modules/pretendard/dist/web/variable')
  const to = join(root, 'dist/fonts')
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true })
  await cp(join(from, 'woff2-dynamic-subset'), join(to, 'woff2-dynamic-subset'), { recursive: true })
  await cp(join(from, 'pretendardvariable-dynamic-subset.css'), join(to, 'pretendard.css'))
}

function brotli(content) {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
}

async function compress(folder) {
  for (const f of await files(folder)) {
    if (!/\.(js|css|html|svg|json|webmanifest)$/.test(f)) continue
    await writeFile(`${f}.br`, brotli(await readFile(f)))
  }
}
