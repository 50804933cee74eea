// Headquarters' wall, and who gets to see it.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { caller, signDeal } from '../api.mjs'
import { audit, launch, password, person, signIn } from '../browser.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser.close() })

test('the wall counts and moves while a dealer signs', async () => {
  const page = await person(browser, { device: 'desktop', viewport: { width: 1920, height: 1080 } })
  await signIn(page, 'hq', 'hq@demo.dure')
  const board = page.getByTestId('board')
  const signed = page.getByTestId('signed')
  await board.locator('li').first().waitFor()
  await signed.waitFor()
  const before = Number((await signed.innerText()).replace(/\D/g, ''))

  const dealer = await caller('dealer@demo.dure')
  const { viewer } = await dealer('{ viewer { dealer { id name } } }')
  const row = board.locator(`li[data-id="${viewer.dealer.id}"]`)
  const pointsBefore = await row.innerText()
  await signDeal(dealer)
  await board.locator(`li[data-id="${viewer.dealer.id}"][data-moved]`).waitFor()
  assert.notEqual(await row.innerText(), pointsBefore)
  await signed.filter({ hasText: new RegExp(`^${before + 1}건$`) }).waitFor()
  assert.deepEqual(await audit(page), [])
  assert.deepEqual(page.problems, [])
})

test('every dealer is in the table, sorted as one likes, and opens to what the points came from', async () => {
  const page = await person(browser, { device: 'desktop' })
  await signIn(page, 'hq', 'hq@demo.dure')
  await page.getByRole('link', { name: '대리점', exact: true }).click()
  const table = page.getByRole('table')
  await table.getByRole('button', { name: '점수' }).click()
  await page.locator('[aria-sort=descending]').filter({ hasText: '점수' }).waitFor()
  await table.getByRole('link').first().click()
  await page.getByRole('heading', { name: '점수의 까닭' }).waitFor()
  assert.deepEqual(page.problems, [])
})

test('a dealer is told where the own app is, and is not let in', async () => {
  const page = await person(browser)
  await page.goto('/hq/')
  await page.locator('input[name=login]').fill('dealer@demo.dure')
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  assert.equal(await page.getByRole('link', { name: '내 앱으로 가기' }).getAttribute('href'), '/dealer/')
})
