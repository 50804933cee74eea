// The same deal in a barn: the network goes away in the middle, the browser is
// closed and opened again, and everything arrives once.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { signIn } from '../browser.mjs'
import { api, atMachines, beginDeal, drawSignature, onward, reopen } from '../deal.mjs'

const login = 'dealer2@demo.dure'
const told = `query($id: ID!) { consultation(id: $id) {
  status openedAt showings { id } quotes { id status contract { id status signedAt } } ledgerEntries { points rule { key } }
} }`

test('a deal whose network is cut twice, with the browser closed in between, arrives once and in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dure-device-'))
  try {
    let device = await reopen(folder)
    let page = device.page
    await signIn(page, 'dealer', login)
    await device.ready()
    await device.context.setOffline(true)

    const deal = await beginDeal(page)
    await atMachines(page)
    await page.getByRole('button', { name: /영상 보기/ }).first().click()
    await onward(page, /견적 만들기/)
    await onward(page, /견적 내기/)
    await page.getByText('계약서는 서버에서 만들기 때문에').first().waitFor()
    assert.equal(await page.getByRole('button', { name: '계약서 만들기' }).isDisabled(), true)
    await page.getByRole('link', { name: /안 보낸 일 2/ }).waitFor()
    assert.equal((await api(login, told, { id: deal })).consultation, null)

    // The battery dies in the barn, and the app starts cold without a network.
    await device.context.close()
    device = await reopen(folder, { offline: true })
    page = device.page
    await page.goto(`/dealer/deal/${deal}`)
    await page.getByText('견적은 이 기기에 있고').waitFor()
    await page.getByRole('link', { name: /안 보낸 일 2/ }).waitFor()

    await device.context.setOffline(false)
    await onward(page, /계약서 만들기/)
    await page.getByRole('button', { name: '다 읽었어요' }).waitFor()

    // Read on the road; signed at the farm, where there is none again.
    await device.context.setOffline(true)
    await page.getByRole('button', { name: '다 읽었어요' }).click()
    await onward(page, /동의하러 가기/)
    await page.getByRole('button', { name: '동의해요' }).first().click()
    await onward(page, /서명하러 가기/)
    await drawSignature(page)
    await onward(page, /서명하고 계약하기/)
    await page.getByRole('heading', { name: '서명을 기기에 담았어요' }).waitFor()
    await device.context.close()

    device = await reopen(folder)
    page = device.page
    await page.goto(`/dealer/deal/${deal}`)
    await page.getByRole('heading', { name: '계약했어요' }).waitFor()
    await page.getByTestId('earned').waitFor()
    await device.context.close()

    const { consultation } = await api(login, told, { id: deal })
    assert.equal(consultation.status, 'WON')
    assert.equal(consultation.quotes.length, 1)
    assert.equal(consultation.quotes[0].contract.status, 'SIGNED')
    const rules = consultation.ledgerEntries.map((e) => e.rule.key).sort()
    assert.deepEqual(rules, [...new Set(rules)], 'each rule judged once')
    assert.ok(consultation.ledgerEntries.some((e) => e.rule.key === 'contract.signed' && e.points > 0))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
