import type { TypedDocumentNode } from '@urql/core'
import type { DocumentNode } from 'graphql'
import { uuidv7 } from '../ids'
import { online } from '../online'
import { send, textOf } from '../send'
import { session, token } from '../session'
import { store } from '../store'
import { database } from './database'
import { type Item, next } from './item'

/** What the signed-in person did on this device, oldest first. */
export const items = store<Item[]>([])

type Problem = { code: string; field: string | null; message: string }

/** What submit came to. A queued item is safe on the device and sends itself later. */
export type Outcome<P> = { state: 'sent'; payload: P } | { state: 'queued' } | { state: 'conflict' | 'refused'; problems: Problem[]; payload: P | null }

/** What an act is about, for the list of what has not been sent. */
export type About = { chain: string; label: string; subject: string; at?: string }

/**
 * submit keeps a mutation in the outbox and waits, for as long as there is hope
 * of an answer at once, for the server to have it. It resolves only after the act
 * is safe on the device; whoever calls may show it as done.
 */
export async function submit<Data extends Record<string, unknown>, Input extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, { input: Input }>,
  input: Input,
  about: About,
): Promise<Outcome<Data[keyof Data]>> {
  const person = session.get()
  if (!person) throw new Error('nobody is signed in')
  const key = uuidv7()
  const item: Item = {
    key, userId: person.userId, chain: about.chain, label: about.label, subject: about.subject,
    text: textOf(document), field: fieldOf(document), variables: { input: { ...input, idempotencyKey: key } },
    state: 'waiting', at: about.at ?? new Date().toISOString(), tries: 0,
  }
  const db = await database()
  await db.add('items', item)
  await load()
  void flush()
  const done = await settled(key)
  switch (done.state) {
    case 'sent':
      return { state: 'sent', payload: done.answer as Data[keyof Data] }
    case 'conflict':
    case 'refused':
      return { state: done.state, problems: done.problems ?? [], payload: (done.answer as Data[keyof Data]) ?? null }
    default:
      return { state: 'queued' }
  }
}

function fieldOf(document: DocumentNode): string {
  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition') continue
    const first = definition.selectionSet.selections[0]
    if (first?.kind === 'Field') return first.name.value
  }
  throw new Error('the document has no mutation')
}

/** settled waits until the item with key is done or there is no network for it. */
function settled(key: string): Promise<Item> {
  return new Promise((resolve) => {
    const look = () => {
      const item = items.get().find((i) => i.key === key)
      if (!item) return
      const hopeless = item.state === 'waiting' && (!online.get() || item.tries > 0 || blocked(item))
      if (item.state !== 'sending' && (item.state !== 'waiting' || hopeless)) {
        stopItems()
        stopOnline()
        resolve(item)
      }
    }
    const stopItems = items.watch(look)
    const stopOnline = online.watch(look)
    look()
  })
}

function blocked(item: Item): boolean {
  return items.get().some((i) => i.chain === item.chain && (i.state === 'conflict' || i.state === 'refused'))
}

/** load reads the person's items from the device. */
export async function load() {
  const person = session.get()
  const db = await database()
  const all = await db.getAll('items')
  items.set(all.filter((i) => i.userId === person?.userId))
}

async function put(item: Item) {
  const db = await database()
  await db.put('items', item)
  channel?.postMessage('changed')
  await load()
}

/** drop takes an item back that the server doesn't have, for good. */
export async function drop(key: string) {
  const db = await database()
  const item = await db.getFromIndex('items', 'key', key)
  if (!item?.seq || item.state === 'sending') return
  await db.delete('items', item.seq)
  channel?.postMessage('changed')
  await load()
  void flush()
}

/** again sends a stuck item once more, changed or as it was. */
export async function again(key: string, change?: Record<string, unknown>) {
  const db = await database()
  const item = await db.getFromIndex('items', 'key', key)
  if (!item || (item.state !== 'conflict' && item.state !== 'refused')) return
  // A changed body needs a key of its own: the old one answers for the old body.
  const fresh = change ? uuidv7() : item.key
  await put({ ...item, key: fresh, state: 'waiting', tries: 0, problems: undefined, variables: { input: { ...item.variables.input, ...change, idempotencyKey: fresh } } })
  void flush()
}

const keepSent = 24 * 60 * 60 * 1000

/** tidy forgets what was sent more than a day ago. */
async function tidy() {
  const db = await database()
  for (const item of await db.getAll('items')) {
    if (item.state === 'sent' && item.seq && Date.now() - Date.parse(item.sentAt ?? item.at) > keepSent) await db.delete('items', item.seq)
  }
}

let timer: ReturnType<typeof setTimeout> | undefined
let channel: BroadcastChannel | undefined

/** startOutbox sends what waits: now, when the network comes back, and when somebody signs in. */
export async function startOutbox() {
  channel = new BroadcastChannel('dure-outbox')
  channel.onmessage = () => void load()
  online.watch(() => online.get() && void flush())
  session.watch(() => void load().then(flush))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void flush())
  await tidy()
  await load()
  void flush()
}

/**
 * flush sends the waiting items one after another, in one tab at a time. It stops
 * at the first that gets no answer and tries again later.
 */
export async function flush() {
  await navigator.locks.request('dure-outbox', { ifAvailable: true }, async (lock) => {
    if (!lock) return
    for (;;) {
      await load()
      const item = next(items.get())
      if (!item) return
      if (!(await deliver(item))) {
        later(item.tries + 1)
        return
      }
    }
  })
}

function later(tries: number) {
  clearTimeout(timer)
  timer = setTimeout(() => void flush(), Math.min(60_000, 1_000 * 2 ** Math.min(tries, 6)))
}

/** deliver sends one item; it answers false when it must be tried again later. */
async function deliver(item: Item): Promise<boolean> {
  const bearer = await token()
  if (!bearer) {
    await put({ ...item, state: 'waiting', tries: item.tries + 1 })
    return false
  }
  await put({ ...item, state: 'sending' })
  const answer = await send<Record<string, { userErrors: Problem[] }>>(item.text, item.variables, bearer)
  const code = answer.errors?.[0]?.extensions?.code
  if (answer.lost || code === 'LIMITED' || code === 'INTERNAL' || code === 'UNAUTHENTICATED') {
    await put({ ...item, state: 'waiting', tries: item.tries + 1 })
    return false
  }
  const payload = answer.data?.[item.field]
  const problems = answer.errors?.map((e) => ({ code: e.extensions?.code ?? 'INVALID', field: null, message: e.message })) ?? payload?.userErrors ?? []
  if (problems.length === 0) await put({ ...item, state: 'sent', sentAt: new Date().toISOString(), answer: payload, problems: undefined })
  else await put({ ...item, state: problems[0]?.code === 'CONFLICT' ? 'conflict' : 'refused', problems, answer: payload })
  return true
}
