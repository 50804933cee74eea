// Who gets in at the dealers' door, and who doesn't.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { launch, password, person, signIn } from '../browser.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser.close() })

test('a dealer signs in and is greeted by the place of the dealership', async () => {
  const page = await person(browser)
  await signIn(page, 'dealer', 'dealer@demo.dure')
  const banner = page.getByTestId('rank-banner')
  await banner.waitFor()
  assert.match(await banner.innerText(), /\d+위/)
  assert.deepEqual(page.problems, [])
})

test('a rep is told where the own app is, and is not signed in', async () => {
  const page = await person(browser, { device: 'phone' })
  await page.goto('/dealer/')
  await page.locator('input[name=login]').fill('rep@demo.dure')
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  const link = page.getByRole('link', { name: '내 앱으로 가기' })
  await link.waitFor()
  assert.equal(await link.getAttribute('href'), '/rep/')
  await page.reload()
  await page.locator('input[name=login]').waitFor()
})

test('a wrong password is refused in words, in either language', async () => {
  for (const [language, words] of [['ko', /비밀번호/], ['en', /password/i]]) {
    const page = await person(browser, { language })
    await page.goto('/dealer/')
    await page.locator('input[name=login]').fill('dealer@demo.dure')
    await page.locator('input[name=password]').fill('not the password')
    await page.locator('button[type=submit]').click()
    await page.getByRole('alert').filter({ hasText: words }).waitFor()
  }
})
