// The customer's own link: from the code to a signed contract, on a small phone.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { caller, link, offer } from '../api.mjs'
import { audit, launch, person, shot } from '../browser.mjs'

const small = { viewport: { width: 360, height: 640 } }

let browser
let dealer
before(async () => {
  browser = await launch()
  dealer = await caller('dealer@demo.dure')
})
after(async () => { await browser.close() })

async function enter(page, made) {
  await page.goto(made.path)
  await page.locator('input[autocomplete=one-time-code]').fill(made.code)
  await page.locator('button[type=submit]').click()
}

async function draw(page) {
  const box = await page.locator('canvas').boundingBox()
  await page.mouse.move(box.x + 40, box.y + 120)
  await page.mouse.down()
  for (let i = 1; i <= 20; i++) await page.mouse.move(box.x + 40 + i * 9, box.y + 100 + 40 * Math.sin(i))
  await page.mouse.up()
}

async function clean(page, name) {
  await shot(page, name)
  assert.deepEqual(await audit(page), [], name)
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), `${name} fits its width`)
}

test('a customer opens the link by the code, reads, agrees, signs and has the contract', async () => {
  const { quote, customer } = await offer(dealer, 100)
  const made = await link(dealer, quote.id)
  const page = await person(browser, { device: 'phone', ...small })
  await page.goto(made.path)
  await page.getByRole('heading', { name: '확인 번호를 넣어 주세요' }).waitFor()
  await clean(page, 'link-code-phone-ko')
  await page.getByRole('button', { name: '번호를 받지 못했어요' }).click()
  await page.getByText('대리점에서 말로 알려 드려요').waitFor()

  await page.locator('input[autocomplete=one-time-code]').fill(made.code === '000000' ? '000001' : '000000')
  await page.getByRole('button', { name: '계약서 열기' }).click()
  await page.getByRole('alert').filter({ hasText: '확인 번호가 달라요' }).waitFor()
  await page.locator('input[autocomplete=one-time-code]').fill(made.code)
  await page.getByRole('button', { name: '계약서 열기' }).click()

  await page.getByRole('heading', { name: `${customer.name} 님의 계약서예요` }).waitFor()
  await clean(page, 'link-draft-phone-ko')
  const sign = page.getByRole('button', { name: '서명하기' })
  assert.ok(await sign.isDisabled(), 'nobody signs what they have not opened')
  const paper = page.getByRole('link', { name: '계약서 전부 읽기' })
  const pdf = await page.request.get(await paper.getAttribute('href'))
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
  const opened = page.context().waitForEvent('page')
  await paper.click()
  await (await opened).close()
  await sign.click()

  const canvas = page.locator('canvas')
  const agree = page.getByRole('button', { name: '네, 동의해요' })
  await canvas.or(agree).first().waitFor()
  await clean(page, 'link-consent-phone-ko')
  while (!(await canvas.isVisible())) {
    const heading = await page.locator('h1').innerText()
    await agree.click()
    await page.waitForFunction((before) => document.querySelector('h1')?.innerText !== before, heading)
  }
  await draw(page)
  await clean(page, 'link-sign-phone-ko')
  await page.getByRole('button', { name: '서명하고 계약하기' }).click()
  await page.getByText('계약됨').waitFor()
  await page.getByRole('link', { name: '계약서 받기 (PDF)' }).waitFor()
  await clean(page, 'link-signed-phone-ko')

  const { contract } = await dealer('query ($id: ID!) { contract(id: $id) { status channel } }', { id: made.contract.id })
  assert.deepEqual(contract, { status: 'SIGNED', channel: 'DIGITAL' })

  await page.reload()
  await page.getByText('계약됨').waitFor()
  const news = page.getByRole('listitem').filter({ hasText: '소식과 혜택 안내' })
  await news.getByRole('button', { name: '동의 거두기' }).click()
  await page.getByRole('button', { name: '네, 거둘게요' }).click()
  await news.getByText('거두었어요').waitFor()
  assert.deepEqual(page.problems, [])

  await dealer('mutation ($input: RevokeCustomerLinkInput!) { revokeCustomerLink(input: $input) { link { status } userErrors { message } } }', { input: { linkId: made.link.id } })
  await page.reload()
  await page.getByRole('heading', { name: '지금은 열 수 없는 링크예요' }).waitFor()
  await page.getByRole('link', { name: /전화하기/ }).waitFor()
  await clean(page, 'link-revoked-phone-ko')
})

test('another phone is told kindly that the link is not its own', async () => {
  const { quote } = await offer(dealer, 120)
  const made = await link(dealer, quote.id)
  const own = await person(browser, { device: 'phone', language: 'en', ...small })
  await enter(own, made)
  await own.getByRole('heading', { name: /this is your contract/ }).waitFor()
  await clean(own, 'link-draft-phone-en')
  const other = await person(browser, { device: 'phone', language: 'en', ...small })
  await other.goto(made.path)
  await other.getByRole('heading', { name: 'Another phone opened this link' }).waitFor()
  await clean(other, 'link-other-phone-en')
})

test('a link that was never made says so, and what to do', async () => {
  const page = await person(browser, { device: 'phone', ...small })
  await page.goto('/c/nothing-of-the-kind')
  await page.getByRole('heading', { name: '지금은 열 수 없는 링크예요' }).waitFor()
  await page.getByText('링크를 보낸 대리점에 전화하면').waitFor()
  await clean(page, 'link-over-phone-ko')
})
