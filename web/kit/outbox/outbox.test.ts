import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'graphql'
import { failing, freshDevice, refusing } from './device.testing'

let device: ReturnType<typeof freshDevice>

beforeEach(() => {
  device = freshDevice()
  device.signIn('kim', 'kim-1')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const fields = () => device.server.done.map((d) => d.field)

describe('sending', () => {
  test('acts go out in the order they were done, each once', async () => {
    const tab = await device.tab()
    await tab.act('first')
    await tab.act('second')
    await tab.act('third')
    await tab.clear()
    expect(fields()).toEqual(['first', 'second', 'third'])
    expect(device.server.asked).toHaveLength(3)
    expect(await tab.states()).toEqual(['first sent', 'second sent', 'third sent'])
  })

  test('two tabs that send at once send each act once', async () => {
    device.server.take = () => 'lost'
    const one = await device.tab()
    for (const field of ['first', 'second', 'third']) await one.act(field)
    await one.clear()
    const two = await device.tab()
    device.server.take = () => undefined
    device.server.asked = []
    await Promise.all([one.flush(), two.flush(), one.flush(), two.flush()])
    await Promise.all([one.clear(), two.clear()])
    expect(device.server.asked.map((a) => a.field)).toEqual(['first', 'second', 'third'])
  })

  test('what is done while a round is ending is sent all the same', async () => {
    const tab = await device.tab()
    device.server.take = async ({ field }) => {
      if (field === 'first') void tab.act('second')
      return undefined
    }
    await tab.act('first')
    await vi.waitFor(() => expect(fields()).toEqual(['first', 'second']))
  })

  test('without a network everything waits, and survives a restart of the browser', async () => {
    device.server.take = () => 'lost'
    const before = await device.tab()
    await before.act('first')
    await before.act('second')
    await before.clear()
    expect(await before.states()).toEqual(['first waiting', 'second waiting'])
    device.server.take = () => undefined
    const after = await device.tab()
    await after.startOutbox()
    await vi.waitFor(() => expect(fields()).toEqual(['first', 'second']))
  })
})

describe('an answer that does not come', () => {
  test('is asked for again under the same key, and the server did it once', async () => {
    let first = true
    device.server.take = () => {
      if (!first) return undefined
      first = false
      return 'done but lost'
    }
    const tab = await device.tab()
    await tab.act('sign')
    await tab.clear()
    await tab.clear()
    expect(device.server.asked.length).toBeGreaterThan(1)
    expect(new Set(device.server.asked.map((a) => a.key)).size).toBe(1)
    expect(fields()).toEqual(['sign'])
    expect(await tab.states()).toEqual(['sign sent'])
  })

  test('because the app was killed between the answer and the note of it, is no harm', async () => {
    const before = await device.tab()
    await before.act('sign')
    await before.clear()
    const db = await before.database()
    const [item] = await db.getAll('items')
    await db.put('items', { ...item!, state: 'sending', answer: undefined, sentAt: undefined })
    const after = await device.tab()
    await after.startOutbox()
    await vi.waitFor(async () => expect(await after.states()).toEqual(['sign sent']))
    expect(fields()).toEqual(['sign'])
    expect(device.server.asked).toHaveLength(2)
  })

  test.each([
    ['a busy server', failing('LIMITED')],
    ['a gateway that fails', { status: 502, body: 'bad gateway' }],
  ])('from %s stops the round; nothing is lost and nothing overtakes', async (_, reply) => {
    device.server.take = () => reply
    const tab = await device.tab()
    await tab.act('first', {}, { chain: 'a' })
    await tab.act('other', {}, { chain: 'b' })
    await tab.clear()
    expect(await tab.states()).toEqual(['first waiting', 'other waiting'])
    device.server.take = () => undefined
    await tab.clear()
    expect(fields()).toEqual(['first', 'other'])
  })

  test('from a server that fails at one act alone holds up that chain and no other', async () => {
    device.server.take = ({ field }) => (field === 'poison' ? failing('INTERNAL') : undefined)
    const tab = await device.tab()
    await tab.act('poison', {}, { chain: 'a' })
    await tab.act('behind', {}, { chain: 'a' })
    await tab.act('other', {}, { chain: 'b' })
    await tab.clear()
    expect(fields()).toEqual(['other'])
    expect(await tab.states()).toEqual(['poison waiting', 'behind waiting', 'other sent'])
  })
})

describe('who is signed in', () => {
  test('a token that runs out in the middle is turned over and the act goes on', async () => {
    device.signIn('kim', 'old', -1)
    const tab = await device.tab()
    await tab.act('sign')
    await tab.clear()
    expect(device.server.done.map((d) => d.bearer)).toEqual(['new-1'])
  })

  test('a token that the server refuses is turned over though the clock of the device calls it good', async () => {
    device.server.take = ({ bearer }) => (bearer === 'kim-1' ? { status: 401, ...failing('UNAUTHENTICATED') } : undefined)
    const tab = await device.tab()
    await tab.act('sign')
    await tab.clear()
    expect(device.server.done.map((d) => d.bearer)).toEqual(['new-1'])
    expect(fields()).toEqual(['sign'])
  })

  test('what one person did is never sent with the token of the next, and goes out when they are back', async () => {
    device.server.take = () => 'lost'
    const tab = await device.tab()
    await tab.act('kims')
    await tab.clear()
    device.server.take = () => undefined
    device.server.asked = []
    device.signIn('lee', 'lee-1')
    tab.session.session.set(JSON.parse(device.kept.get('dure.dealer.session')!))
    await tab.act('lees')
    await tab.clear()
    expect(device.server.asked.map((a) => `${a.field} ${a.bearer}`)).toEqual(['lees lee-1'])
    device.signIn('kim', 'kim-2')
    tab.session.session.set(JSON.parse(device.kept.get('dure.dealer.session')!))
    await tab.clear()
    expect(device.server.done.map((a) => `${a.field} ${a.bearer}`)).toEqual(['lees lee-1', 'kims kim-2'])
  })

  test('a person who changes while a token is fetched takes nothing of the one before along', async () => {
    device.signIn('kim', 'old', -1)
    const tab = await device.tab()
    const answer = device.server.answer.bind(device.server)
    device.server.answer = async (body, bearer) => {
      const reply = await answer(body, bearer)
      if (body.includes('refreshSession')) {
        device.signIn('lee', 'lee-1')
        tab.session.session.set(JSON.parse(device.kept.get('dure.dealer.session')!))
      }
      return reply
    }
    await tab.act('kims')
    await tab.clear()
    expect(device.server.asked).toEqual([])
    expect(tab.session.session.get()?.userId).toBe('lee')
  })

  test('somebody who waits for an answer is let go when they sign out', async () => {
    let let_go = () => {}
    device.server.take = () => new Promise((resolve) => { let_go = () => resolve('lost') })
    const tab = await device.tab()
    const outcome = tab.submit(parse('mutation Do { sign(input: $input) { userErrors { code } } }') as never, {}, { chain: 'a', label: 'outbox.other', subject: '' })
    await vi.waitFor(() => expect(device.server.asked).toHaveLength(1))
    tab.session.session.set(null)
    await tab.load()
    expect(await outcome).toEqual({ state: 'queued' })
    let_go()
  })
})

describe('a chain that is stuck', () => {
  test('waits with all that builds on it, while others go on; mended, it goes on in order', async () => {
    device.server.take = ({ field, input }) => (field === 'customer' && !input.name ? refusing('customer') : undefined)
    const tab = await device.tab()
    await tab.act('customer', {}, { chain: 'cus' })
    await tab.act('consultation', {}, { chain: 'con', after: ['cus'] })
    await tab.act('voice', {}, { chain: 'other' })
    await tab.clear()
    expect(await tab.states()).toEqual(['customer refused', 'consultation waiting', 'voice sent'])
    const [stuck] = tab.items.get()
    await tab.again(stuck!.key, { name: '김' })
    await tab.clear()
    expect(fields()).toEqual(['voice', 'customer', 'consultation'])
    expect(device.server.done[1]!.key).not.toBe(stuck!.key)
  })

  test('is freed by taking the stuck act back', async () => {
    device.server.take = ({ field }) => (field === 'edit' ? refusing('edit', 'CONFLICT') : undefined)
    const tab = await device.tab()
    await tab.act('edit')
    await tab.act('later')
    await tab.clear()
    expect(await tab.states()).toEqual(['edit conflict', 'later waiting'])
    await tab.drop(tab.items.get()[0]!.key)
    await tab.clear()
    expect(fields()).toEqual(['later'])
  })

  test('an act that is on its way cannot be taken back, and is not made again by its answer', async () => {
    let answer = () => {}
    device.server.take = () => new Promise((resolve) => { answer = () => resolve(undefined) })
    const one = await device.tab()
    const key = await one.act('sign')
    await vi.waitFor(() => expect(device.server.asked).toHaveLength(1))
    const two = await device.tab()
    void two.drop(key)
    await vi.waitFor(async () => expect(await two.states()).toEqual(['sign sending']))
    answer()
    await vi.waitFor(async () => expect(await one.states()).toEqual(['sign sent']))
    expect(fields()).toEqual(['sign'])
  })
})

test('acts that wait while the app is changed go out with the text of the new version', async () => {
  device.server.take = () => 'lost'
  const old = await device.tab()
  await old.act('sign')
  await old.clear()
  device.server.take = () => undefined
  const fresh = await device.tab()
  fresh.documents.push(parse('mutation Do($input: In!) { sign(input: $input) { version userErrors { code } } }'))
  await fresh.startOutbox()
  await vi.waitFor(() => expect(fields()).toEqual(['sign']))
  expect(device.server.done[0]!.text).toContain('version')
})
