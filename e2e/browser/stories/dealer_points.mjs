// A dealer's points, place and papers.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { launch, person, signIn } from '../browser.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser.close() })

test('every point says why it is there, and leads to its rule', async () => {
  const page = await person(browser)
  await signIn(page, 'dealer', 'dealer@demo.dure')
  await page.goto('/dealer/iq')
  const entry = page.getByRole('button', { expanded: false }).filter({ hasText: '점' }).first()
  await entry.click()
  await page.getByRole('link', { name: /규칙집 \d+판/ }).first().click()
  await page.getByRole('heading', { name: '점수 규칙' }).waitFor()
  assert.match(page.url(), /#[a-z_.]+$/)
  assert.deepEqual(page.problems, [])
})

test('the board shows the own place, in the nation and around it', async () => {
  const page = await person(browser, { device: 'phone' })
  await signIn(page, 'dealer', 'dealer@demo.dure')
  await page.goto('/dealer/board')
  await page.locator('[data-mine]').waitFor()
  const place = await page.locator('[data-mine]').innerText()
  await page.getByRole('radio', { name: '내 주변' }).click()
  await page.locator('[data-mine]').filter({ hasText: /우리/ }).waitFor()
  assert.equal(await page.locator('[data-mine]').innerText(), place)
  assert.deepEqual(page.problems, [])
})

test('a customer is given the contract on their own phone, by a code that is told', async () => {
  const page = await person(browser)
  await signIn(page, 'dealer', 'dealer@demo.dure')
  await page.goto('/dealer/deals?kind=contracts')
  await page.locator('main a.listrow[href*="/contracts/"]').first().click()
  await page.getByRole('button', { name: '고객 휴대폰으로' }).click()
  await page.getByRole('button', { name: 'QR 코드 만들기' }).click()
  await page.getByRole('img', { name: '계약서로 가는 QR 코드' }).waitFor()
  assert.match(await page.getByTestId('link-code').innerText(), /^\d{6}$/)
  assert.deepEqual(page.problems, [])
})
