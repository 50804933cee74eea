// What every story shares: a browser, a person at a device, and how to look.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const screens = fileURLToPath(new URL('../screens/', import.meta.url))
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The sizes that screens are looked at in. */
export const devices = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 },
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
}

/** url is the server under test. */
export const url = process.env.DURE_URL ?? 'http://127.0.0.1:8080'

export const password = 'dure-demo'

/** chromiumPath is Debian's Chromium, or the one that CHROMIUM names. */
export function chromiumPath() {
  const path = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => existsSync(p))
  if (!path) throw new Error('needs Chromium: on Debian, apt-get install chromium')
  return path
}

/** launch starts the browser. */
export async function launch() {
  return chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'] })
}

/** person opens a device of their own, in a language; what goes wrong on the page is kept in page.problems. */
export async function person(browser, { device = 'tablet', language = 'ko', ...more } = {}) {
  const context = await browser.newContext({ ...devices[device], locale: language === 'ko' ? 'ko-KR' : 'en-GB', timezoneId: 'Asia/Seoul', baseURL: url, reducedMotion: 'reduce', ...more })
  await context.addInitScript((l) => { if (!localStorage.getItem('dure.language')) localStorage.setItem('dure.language', l) }, language)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.problems = []
  page.on('pageerror', (e) => page.problems.push(String(e)))
  page.on('console', (m) => { if (m.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket connection/.test(m.text())) page.problems.push(m.text()) })
  return page
}

/** signIn passes the door of an app. */
export async function signIn(page, app, login) {
  await page.goto(`/${app}/`)
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('main#main').waitFor()
}

/** shot writes a picture of the whole screen to e2e/screens. */
export async function shot(page, name) {
  mkdirSync(screens, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${screens}${name}.png`, fullPage: true })
}

/** audit returns what axe finds serious or critical on the page. */
export async function audit(page) {
  await page.evaluate(axeSource)
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  return found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 5).join(' | ')}`)
}
