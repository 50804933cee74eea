// node look.mjs APP LOGIN [path …]: pictures of an app's screens in every size and
// language, with what axe finds, from a running demo (DURE_URL).
import { audit, devices, launch, person, shot, signIn } from './browser.mjs'

const [app, login, ...paths] = process.argv.slice(2)
const browser = await launch()
const wantDevices = (process.env.DEVICES ?? Object.keys(devices).join(',')).split(',')
const wantLanguages = (process.env.LANGUAGES ?? 'ko,en').split(',')
for (const language of wantLanguages) {
  for (const device of wantDevices) {
    const page = await person(browser, { device, language })
    if (login !== '-') await signIn(page, app, login)
    for (const path of paths.length ? paths : ['/']) {
      await page.goto(`/${app}${path}`)
      await page.waitForLoadState('networkidle')
      await shot(page, `${app}-${path.replaceAll('/', '_')}-${device}-${language}`)
      for (const found of await audit(page)) console.log(`axe ${app}${path} ${device} ${language}: ${found}`)
    }
    for (const problem of page.problems) console.log(`problem ${app} ${device} ${language}: ${problem}`)
    await page.context().close()
  }
}
await browser.close()
