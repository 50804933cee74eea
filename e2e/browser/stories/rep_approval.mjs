// The rep's phone: a discount approved in two touches, seen by the dealer.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { caller, offer } from '../api.mjs'
import { audit, launch, person, shot, signIn } from '../browser.mjs'

let browser
let dealer
before(async () => {
  browser = await launch()
  dealer = await caller('dealer@demo.dure')
})
after(async () => { await browser.close() })

const statusOf = async (id) => (await dealer('query ($id: ID!) { quote(id: $id) { status decisionNote } }', { id })).quote

async function clean(page, name) {
  await page.locator('main#main .shape').first().waitFor({ state: 'detached' })
  await shot(page, name)
  assert.deepEqual(await audit(page), [], name)
}

test('a rep approves a discount in two touches, and asks back about another', async () => {
  const wanted = await offer(dealer, 900)
  const page = await person(browser, { device: 'phone' })
  await signIn(page, 'rep', 'rep@demo.dure')
  await page.getByRole('heading', { name: '지금 필요한 일' }).waitFor()
  const line = page.locator(`a[href$="/approvals/${wanted.quote.id}"]`)
  await line.click()
  await page.getByRole('heading', { name: `${wanted.customer.name} 님 견적 할인` }).waitFor()
  await page.getByText('9%', { exact: true }).waitFor()
  await clean(page, 'rep-approval-phone-ko')
  await page.getByRole('button', { name: /할인 승인/ }).click()
  await page.getByText('승인했어요').waitFor()
  await page.getByRole('heading', { name: '지금 필요한 일' }).waitFor()
  await line.waitFor({ state: 'detached' })
  assert.equal((await statusOf(wanted.quote.id)).status, 'ISSUED')

  const other = await offer(dealer, 950)
  await page.reload()
  await page.locator(`a[href$="/approvals/${other.quote.id}"]`).click()
  await page.getByRole('button', { name: '되묻기' }).click()
  await page.getByRole('textbox', { name: '전할 말' }).fill('경운 작업기를 넣으면 어떨까요?')
  await page.getByRole('button', { name: '보내기', exact: true }).click()
  await page.getByText(/되물었어요/).waitFor()
  assert.deepEqual(await statusOf(other.quote.id), { status: 'REFUSED', decisionNote: '경운 작업기를 넣으면 어떨까요?' })
  assert.deepEqual(page.problems, [])
})

test('a rep finds a dealer on the map, calls, and notes a visit', async () => {
  const page = await person(browser, { device: 'phone' })
  await signIn(page, 'rep', 'rep@demo.dure')
  await page.getByRole('link', { name: '내 대리점' }).first().click()
  await page.getByRole('group', { name: '내 대리점 지도' }).getByRole('button', { name: /전주들녘농기계/ }).click()
  await page.getByRole('heading', { name: '전주들녘농기계', level: 1 }).waitFor()
  assert.match(await page.getByRole('link', { name: /전화/ }).getAttribute('href'), /^tel:\d+$/)
  await page.getByRole('button', { name: '방문 적기' }).click()
  await page.getByRole('textbox', { name: '기억할 것' }).fill('모내기 전에 시연하기로 했어요')
  await page.getByRole('button', { name: '저장' }).click()
  await page.getByText('모내기 전에 시연하기로 했어요').waitFor()
  await clean(page, 'rep-dealer-phone-ko')
  assert.deepEqual(page.problems, [])
})
