// What the stories of a deal share: its steps as a finger takes them, and the server's own word.
import { chromium } from 'playwright-core'
import { chromiumPath, devices, password, url } from './browser.mjs'

/** onward touches the one act of the step that is shown. */
export async function onward(page, name) {
  await page.getByRole('button', { name }).click()
}

/** beginDeal starts a consultation with the first customer of the list; it answers the deal's id. */
export async function beginDeal(page) {
  await page.goto('/dealer/deal/new')
  await page.locator('main a.listrow').first().click()
  await page.waitForURL(/\/deal\/con_\w+\/needs/)
  return /con_\w+/.exec(page.url())[0]
}

/** atMachines answers what the farm needs and goes on to the machines. */
export async function atMachines(page) {
  const rice = page.getByRole('button', { name: '벼', exact: true })
  if ((await rice.getAttribute('aria-pressed')) !== 'true') await rice.click()
  await page.getByRole('textbox', { name: '면적 (평)' }).fill('6000')
  await page.getByRole('button', { name: '로터리', exact: true }).focus() // leaving the field sets the area
  await onward(page, /맞는 기계 보기/)
  await page.waitForURL(/\/machines/)
}

/** watchFilm plays the film until so many seconds have been counted. */
export async function watchFilm(page, seconds) {
  await page.getByRole('group', { name: '장면 고르기' }).getByRole('button').first().click()
  await page.waitForFunction((n) => Number(/\d+/.exec(document.querySelector('[data-testid=watched]').textContent)?.[0] ?? 0) >= n && document.querySelector('[data-testid=watched]').textContent.includes('보셨어요'), seconds)
}

/** drawSignature draws two lines on the pad. */
export async function drawSignature(page) {
  const pad = page.getByTestId('pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  for (const [from, to] of [[0.2, 0.5], [0.5, 0.8]]) {
    await page.mouse.move(box.x + box.width * from, box.y + box.height * 0.3)
    await page.mouse.down()
    for (let i = 1; i <= 8; i++) await page.mouse.move(box.x + box.width * (from + ((to - from) * i) / 8), box.y + box.height * (0.3 + 0.06 * (i % 3)))
    await page.mouse.up()
  }
}

/** api asks the server as a person, past any browser. */
export async function api(login, query, variables = {}) {
  const send = async (body, token) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body) })
    const answer = await response.json()
    if (answer.errors) throw new Error(answer.errors[0].message)
    return answer.data
  }
  const { signIn } = await send({ query: 'mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }', variables: { input: { login, password } } })
  return send({ query, variables }, signIn.accessToken)
}

/** reopen opens the browser of a device that keeps what it knows in a folder, as after a restart. */
export async function reopen(folder, { offline = false } = {}) {
  const context = await chromium.launchPersistentContext(folder, {
    ...devices.tablet, executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'], baseURL: url, locale: 'ko-KR', timezoneId: 'Asia/Seoul', reducedMotion: 'reduce', offline,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(15_000)
  return { context, page, ready: () => readyForTheBarn(page) }
}

/** readyForTheBarn waits until the app and what a deal needs are on the device. */
async function readyForTheBarn(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => document.documentElement.dataset.stocked === 'yes')
  await page.goto('/dealer/')
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.locator('main#main').waitFor()
}
