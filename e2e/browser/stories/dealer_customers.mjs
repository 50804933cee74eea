// A dealer and the customers: found, added once, changed by two at a time.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { audit, launch, person, signIn } from '../browser.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser.close() })

const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const initialsOf = (name) => [...name].map((c) => initials[Math.floor((c.charCodeAt(0) - 0xac00) / 588)]).join('')

/** rows are the names in the list of customers. */
const rows = (page) => page.locator('main a.listrow[href*="/customers/cus_"] strong')

async function openList(page) {
  await page.goto('/dealer/customers')
  await rows(page).first().waitFor()
}

test('a customer is found by the initial consonants of the name', async () => {
  const page = await person(browser)
  await signIn(page, 'dealer', 'dealer2@demo.dure')
  await openList(page)
  const name = await rows(page).nth(3).innerText()
  await page.getByRole('searchbox').fill(initialsOf(name))
  await rows(page).filter({ hasText: name }).first().waitFor()
  for (const found of await rows(page).allInnerTexts()) assert.ok(initialsOf(found).includes(initialsOf(name)), `${found} has the initials ${initialsOf(name)}`)
  assert.deepEqual(page.problems, [])
})

test('what was typed of a new customer survives a reload, and whoever is there already is pointed out', async () => {
  const page = await person(browser)
  await signIn(page, 'dealer', 'dealer2@demo.dure')
  await openList(page)
  const name = await rows(page).first().innerText()
  await page.goto('/dealer/customers/new')
  await page.locator('input[name=name]').fill(name)
  await page.getByRole('heading', { name: '혹시 이분인가요?' }).waitFor()
  await page.reload()
  await page.locator(`input[name=name][value="${name}"]`).waitFor()
  await page.locator('input[name=name]').fill('새손님')
  await page.getByText('고객이 읽고 동의했어요').click()
  await page.getByRole('button', { name: '저장', exact: true }).click()
  await page.getByRole('heading', { name: '새손님' }).waitFor()
  await page.getByRole('link', { name: '상담 시작' }).waitFor()
  await page.goto('/dealer/customers/new')
  await page.locator('input[name=name][value=""]').waitFor()
  assert.deepEqual(page.problems, [])
})

test('when two change the same customer, both versions stand side by side and the person chooses', async () => {
  const mine = await person(browser)
  const theirs = await person(browser)
  for (const page of [mine, theirs]) await signIn(page, 'dealer', 'dealer2@demo.dure')
  await openList(mine)
  const path = await mine.locator('main a.listrow[href*="/customers/cus_"]').nth(2).getAttribute('href')
  for (const page of [mine, theirs]) {
    await page.goto(`${path}/edit`)
    await page.locator('input[name=phone]').waitFor()
  }
  await mine.context().setOffline(true)
  await mine.locator('input[name=phone]').fill('010-0000-7777')
  await mine.getByRole('button', { name: '저장', exact: true }).click()
  await mine.getByText('안 보낸 일 1').waitFor()
  await theirs.locator('input[name=phone]').fill('010-0000-8888')
  await theirs.getByRole('button', { name: '저장', exact: true }).click()
  await theirs.getByRole('link', { name: '010-0000-8888' }).waitFor()

  await mine.context().setOffline(false)
  await mine.getByText('안 보낸 일 1').click()
  await mine.getByText('그사이 다른 분이 같은 고객을 고쳤어요').waitFor()
  await mine.getByRole('radio', { name: /내가 적은 것.*010-0000-7777/ }).waitFor()
  await mine.getByRole('radio', { name: /지금 있는 것.*010-0000-8888/ }).waitFor()
  assert.deepEqual(await audit(mine), [])
  await mine.getByRole('button', { name: '고른 대로 저장' }).click()
  await mine.getByText('보냈어요', { exact: true }).first().waitFor()
  await theirs.reload()
  await theirs.getByRole('link', { name: '010-0000-7777' }).waitFor()
})
