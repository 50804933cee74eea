// The GraphQL IDE: a query, a live answer, and a schema for each persona.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { caller, signDeal } from '../api.mjs'
import { launch, password, person, url } from '../browser.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser.close() })

async function open(options) {
  const page = await person(browser, { device: 'desktop', ...options })
  page.origins = new Set()
  page.on('request', (r) => page.origins.add(new URL(r.url()).origin))
  await page.goto('/playground')
  await page.locator('.graphiql-query-editor').waitFor()
  return page
}

async function be(page, login) {
  await page.locator(`[data-login="${login}"]`).click()
  await page.locator(`[data-login="${login}"][aria-pressed=true]`).waitFor()
}

test('headquarters runs a query and watches the board move while a dealer signs; nothing comes from elsewhere', async () => {
  const page = await open()
  await be(page, 'hq@demo.dure')
  const result = page.locator('.result-window')
  await page.locator('.graphiql-execute-button').click()
  await result.filter({ hasText: '"persona": "HQ"' }).waitFor()

  await page.getByRole('tab', { name: 'BoardMoves' }).click()
  await page.locator('.graphiql-execute-button').click()
  await result.filter({ hasText: 'leaderboardChanged' }).waitFor()
  assert.doesNotMatch(await result.innerText(), /toRank/, 'nobody has moved yet')
  await signDeal(await caller('dealer@demo.dure'))
  await result.filter({ hasText: 'toRank' }).waitFor()

  assert.deepEqual([...page.origins], [url])
  assert.deepEqual(page.problems, [])
})

test('each persona finds its own schema in the documentation', async () => {
  const page = await open({ language: 'en' })
  const sees = async (login) => {
    await be(page, login)
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).click()
    await page.locator('.graphiql-doc-explorer').getByText('viewer', { exact: true }).waitFor()
    return page.locator('.graphiql-doc-explorer').innerText()
  }
  const hq = await sees('hq@demo.dure')
  const dealer = await sees('dealer@demo.dure')
  assert.match(hq, /webhookDeliveries/)
  assert.doesNotMatch(hq, /rankBanner/)
  assert.match(dealer, /rankBanner/)
  assert.doesNotMatch(dealer, /webhookDeliveries/)
})

test('a pasted token speaks for whoever it was given to', async () => {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: 'mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }', variables: { input: { login: 'rep@demo.dure', password } } }),
  })
  const { data } = await answer.json()
  const page = await open()
  await page.getByRole('button', { name: '토큰으로' }).click()
  await page.locator('input[name=token]').fill(data.signIn.accessToken)
  await page.getByRole('button', { name: '이 토큰으로 보기' }).click()
  await page.getByTestId('who').filter({ hasText: '붙여 넣은' }).waitFor()
  await page.locator('.graphiql-execute-button').click()
  await page.locator('.result-window').filter({ hasText: '"persona": "REP"' }).waitFor()
})
