// The deal on the tablet, from sign-in to signature, while another device looks on.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { launch, person, signIn } from '../browser.mjs'
import { api, atMachines, beginDeal, drawSignature, onward, watchFilm } from '../deal.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser.close() })

test('a dealer leads a customer from their needs to a signature, and the banner moves on another device', async () => {
  const tablet = await person(browser)
  const phone = await person(browser, { device: 'phone' })
  await signIn(phone, 'dealer', 'dealer@demo.dure')
  const points = phone.getByTestId('points')
  await points.waitFor()
  const before = await points.innerText()

  await signIn(tablet, 'dealer', 'dealer@demo.dure')
  const deal = await beginDeal(tablet)
  await atMachines(tablet)
  await tablet.getByRole('button', { name: /영상 보기/ }).first().click()
  await watchFilm(tablet, 2)
  await onward(tablet, /견적 만들기/)

  await tablet.getByRole('button', { name: /로터리/ }).first().click()
  await onward(tablet, /견적 내기/)
  await onward(tablet, /계약서 만들기/)

  await tablet.getByRole('button', { name: '다 읽었어요' }).click()
  await onward(tablet, /동의하러 가기/)
  await tablet.getByRole('button', { name: '동의해요' }).first().click()
  await onward(tablet, /서명하러 가기/)
  await drawSignature(tablet)
  await onward(tablet, /서명하고 계약하기/)
  await tablet.getByRole('heading', { name: '계약했어요' }).waitFor()
  await tablet.getByTestId('earned').waitFor()

  const { consultation } = await api('dealer@demo.dure', `{ consultation(id: "${deal}") { status showings { watchedSeconds } quotes { contract { status channel } } ledgerEntries { points explanation } } }`)
  console.log(JSON.stringify(consultation))
  assert.equal(consultation.status, 'WON')
  assert.ok(consultation.showings[0].watchedSeconds >= 2)
  assert.deepEqual(consultation.quotes.map((q) => q.contract), [{ status: 'SIGNED', channel: 'DIGITAL' }])
  await phone.waitForFunction((b) => document.querySelector('[data-testid=points]').textContent !== b, before)
  assert.deepEqual([...tablet.problems, ...phone.problems], [])
})
