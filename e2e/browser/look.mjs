// node look.mjs [APP [path …]]: pictures of the apps' screens (screens.json, or the
// paths given) in every size and language, from a running demo (DURE_URL). It fails
// when axe finds something serious, or when a page has a problem of its own.
import { readFileSync } from 'node:fs'
import { audit, devices, launch, person, shot, signIn } from './browser.mjs'

const all = JSON.parse(readFileSync(new URL('./screens.json', import.meta.url), 'utf8'))
const [onlyApp, ...onlyPaths] = process.argv.slice(2)
const wanted = (name, all) => (process.env[name] ? process.env[name].split(',') : all)
const visits = []
for (const [app, { login, paths }] of Object.entries(all)) {
  if (onlyApp && app !== onlyApp) continue
  for (const language of wanted('LANGUAGES', ['ko', 'en'])) {
    for (const device of wanted('DEVICES', Object.keys(devices))) visits.push({ app, login, paths: onlyPaths.length ? onlyPaths : paths, language, device })
  }
}

const browser = await launch()
let found = 0
const say = (line) => { found++; console.log(line) }

async function visit({ app, login, paths, language, device }) {
  const page = await person(browser, { device, language })
  const name = (path) => `${app}-${path.replace(/^\//, '').replaceAll('/', '-') || 'first'}-${device}-${language}`
  await page.goto(`/${app}/`)
  await shot(page, name('door'))
  for (const v of await audit(page)) say(`axe ${app} door ${device} ${language}: ${v}`)
  await signIn(page, app, login)
  for (const path of paths) {
    await page.goto(`/${app}${path}`)
    await page.locator('main#main').waitFor()
    await page.locator('main#main .shape').first().waitFor({ state: 'detached' })
    await page.waitForLoadState('networkidle')
    await shot(page, name(path))
    for (const v of await audit(page)) say(`axe ${app}${path} ${device} ${language}: ${v}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 1) say(`wide ${app}${path} ${device} ${language}: ${wide} px past the edge`)
  }
  for (const problem of page.problems) say(`problem ${app} ${device} ${language}: ${problem}`)
  await page.context().close()
}

// Two visitors at a time: as many as the smallest machine has cores.
const next = () => { const v = visits.shift(); return v && visit(v).then(next) }
await Promise.all([next(), next()])
await browser.close()
console.log(found === 0 ? 'all screens are in order' : `${found} things to mend`)
process.exit(found === 0 ? 0 : 1)
