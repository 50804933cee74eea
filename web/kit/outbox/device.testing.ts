// A device and a server for the outbox's tests: the database and the storage of a
// browser that survive its tabs, and a server that keeps an idempotency key's first answer.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { parse } from 'graphql'
import { vi } from 'vitest'

type Sent = { key: string; field: string; text: string; bearer: string; input: Record<string, unknown> }
type Reply = { status?: number; body?: unknown } | 'lost' | 'done but lost'

/** freshDevice is a browser that was never used, and a server that was never asked. */
export function freshDevice() {
  const kept = new Map<string, string>()
  const queues = new Map<string, Promise<unknown>>()
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) })
  vi.stubGlobal('document', { addEventListener: () => undefined, visibilityState: 'visible', documentElement: { lang: 'ko' } })
  vi.stubGlobal('navigator', {
    onLine: true,
    locks: {
      request(name: string, run: () => unknown) {
        const mine = (queues.get(name) ?? Promise.resolve()).then(run, run)
        queues.set(name, mine.catch(() => undefined))
        return mine
      },
    },
  })
  const server = new Server()
  vi.stubGlobal('fetch', (_: string, init: { body: string; headers: Record<string, string> }) => server.answer(init.body, init.headers.Authorization?.slice(7) ?? ''))
  return { server, tab: openTab, signIn, kept }

  function signIn(userId: string, accessToken: string, minutes = 10) {
    kept.set('dure.dealer.session', JSON.stringify({ accessToken, refreshToken: `refresh-${userId}`, expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(), persona: 'DEALER', userId, name: userId }))
  }

  /** openTab loads the outbox as a tab does: with a memory of its own over what the device keeps. */
  async function openTab() {
    vi.resetModules()
    const { setApp } = await import('../app')
    setApp({ name: 'dealer', persona: 'DEALER', base: '/dealer/' })
    const session = await import('../session')
    const outbox = await import('./outbox')
    const { database } = await import('./database')
    const { documents } = await import('../documents')
    session.session.set(JSON.parse(kept.get('dure.dealer.session') ?? 'null'))
    const act = (field: string, input: Record<string, unknown> = {}, about: { chain?: string; after?: string[] } = {}) => outbox.enqueue(parse(`mutation Do { ${field}(input: $input) { userErrors { code } } }`) as never, input, { chain: about.chain ?? 'a', after: about.after, label: 'outbox.other', subject: '' })
    const states = async () => (await (await database()).getAll('items')).map((i) => `${i.field} ${i.state}`)
    return { ...outbox, session, database, documents, act, states, clear: () => outbox.flush().then(() => outbox.flush()) }
  }
}

class Server {
  /** What was really done, in order. */
  done: Sent[] = []
  /** Every request, whatever became of it. */
  asked: Sent[] = []
  /** How the server takes a request; left out, it does what it is asked. */
  take: (sent: Sent) => Reply | undefined | Promise<Reply | undefined> = () => undefined
  refreshed = 0

  async answer(body: string, bearer: string): Promise<Response> {
    const { query, variables } = JSON.parse(body) as { query: string; variables: { input: Record<string, unknown> } }
    if (query.includes('refreshSession')) {
      this.refreshed++
      const expiresAt = new Date(Date.now() + 600_000).toISOString()
      return json({ data: { refreshSession: { accessToken: `new-${this.refreshed}`, refreshToken: 'r', expiresAt, viewer: { persona: 'DEALER', user: { id: String(variables.input.refreshToken).replace('refresh-', ''), name: '' }, dealer: null }, userErrors: [] } } })
    }
    const field = /\{\s*(\w+)/.exec(query)![1]!
    const sent = { key: String(variables.input.idempotencyKey), field, text: query, bearer, input: variables.input }
    this.asked.push(sent)
    const reply = await this.take(sent)
    if (reply === 'lost') throw new TypeError('network')
    if (reply && reply !== 'done but lost') return json(reply.body ?? {}, reply.status)
    if (!this.done.some((d) => d.key === sent.key)) this.done.push(sent)
    if (reply === 'done but lost') throw new TypeError('network')
    return json({ data: { [field]: { userErrors: [] } } })
  }
}

function json(body: unknown, status = 200) {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

/** failing is a whole operation that failed with a code. */
export const failing = (code: string, more: Record<string, unknown> = {}) => ({ body: { data: null, errors: [{ message: code, extensions: { code, ...more } }] } })

/** refusing is a mutation that says what to mend. */
export const refusing = (field: string, code = 'INVALID') => ({ body: { data: { [field]: { userErrors: [{ code, field: null, message: code }] } } } })
