import type { TypedDocumentNode } from '@urql/core'
import type { DocumentNode } from 'graphql'
import { documents } from '../documents'
import { language } from '../i18n'
import { uuidv7 } from '../ids'
import { online } from '../online'
import { send, textOf } from '../send'
import { refresh, session, tokenOf } from '../session'
import { store } from '../store'
import { database } from './database'
import { blocked, type Item, next } from './item'
import { type Attached, handIn, named } from './upload'

/** What the signed-in person did on this device, oldest first. */
export const items = store<Item[]>([])

type Problem = { code: string; field: string | null; message: string }

/** What submit came to. A queued item is safe on the device and sends itself later. */
export type Outcome<P> = { state: 'sent'; payload: P } | { state: 'queued' } | { state: 'conflict' | 'refused'; problems: Problem[]; payload: P | null }

/** What an act is about, for the list of what has not been sent, and what it builds on. */
export type About = { chain: string; after?: string[]; label: string; subject: string; at?: string; files?: Attached[] }

/** For how long somebody waits for an answer before the act counts as queued, in milliseconds. */
const patience = 12_000

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
  const done = await settled(await enqueue(document, input, about))
  switch (done?.state) {
    case 'sent':
      return { state: 'sent', payload: done.answer as Data[keyof Data] }
    case 'conflict':
    case 'refused':
      return { state: done.state, problems: done.problems ?? [], payload: (done.answer as Data[keyof Data]) ?? null }
    default:
      return { state: 'queued' }
  }
}

/**
 * enqueue keeps a mutation in the outbox and resolves as soon as it is safe on the
 * device, with its key. What the server says of it is on the item.
 */
export async function enqueue<Data extends Record<string, unknown>, Input extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, { input: Input }>,
  input: Input,
  about: About,
): Promise<string> {
  const person = session.get()
  if (!person) throw new Error('nobody is signed in')
  const key = uuidv7()
  const item: Item = {
    key, userId: person.userId, chain: about.chain, after: about.after, label: about.label, subject: about.subject,
    text: textOf(document), field: fieldOf(document), variables: { input: { ...input, idempotencyKey: key } },
    files: about.files?.length ? about.files : undefined, state: 'waiting', at: about.at ?? new Date().toISOString(), tries: 0,
  }
  await (await database()).add('items', item)
  await changed()
  void flush()
  return key
}

function fieldOf(document: DocumentNode): string {
  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition') continue
    const first = definition.selectionSet.selections[0]
    if (first?.kind === 'Field') return first.name.value
  }
  throw new Error('the document has no mutation')
}

/**
 * textFor is the text that an item is sent with: that of the app as it is now, where
 * the act is loaded, since a server that runs trusted documents alone knows no older ones.
 */
function textFor(item: Item): string {
  const name = /^\s*mutation\s+(\w+)/.exec(item.text)?.[1]
  const current = documents.find((d) => d.definitions.some((x) => x.kind === 'OperationDefinition' && x.operation === 'mutation' && x.name?.value === name))
  return name && current ? textOf(current) : item.text
}

/** settled waits until the item with key is done, or gone, or there is no hope of it for now. */
function settled(key: string): Promise<Item | undefined> {
  return new Promise((resolve) => {
    const finish = (item: Item | undefined) => {
      stopItems()
      stopOnline()
      clearTimeout(limit)
      resolve(item)
    }
    const look = () => {
      const item = items.get().find((i) => i.key === key)
      // Gone: somebody took it back, or signed out. It is no longer ours to wait for.
      if (!item) return finish(undefined)
      if (item.state === 'sending') return
      if (item.state !== 'waiting' || !online.get() || item.tries > 0 || blocked(item, items.get())) finish(item)
    }
    const stopItems = items.watch(look)
    const stopOnline = online.watch(look)
    const limit = setTimeout(() => finish(undefined), patience)
    look()
  })
}

/** load reads the person's items from the device. */
export async function load() {
  const all = await (await database()).getAll('items')
  const person = session.get()
  items.set(all.filter((i) => i.userId === person?.userId))
}

async function changed() {
  channel?.postMessage('changed')
  await load()
}

/**
 * change alters the item with key, if it is still there, in one transaction: what
 * another tab did to it meanwhile is seen. A change that answers null takes it away.
 */
async function change(key: string, how: (item: Item) => Item | null) {
  const tx = (await database()).transaction('items', 'readwrite')
  const cursor = await tx.store.index('key').openCursor(key)
  if (cursor) {
    const altered = how(cursor.value)
    if (altered === null) await cursor.delete()
    else if (altered !== cursor.value) await cursor.update(altered)
  }
  await tx.done
  await changed()
}

/** drop takes an item back that the server doesn't have, for good. One that is on its way stays. */
export async function drop(key: string) {
  await change(key, (item) => (item.state === 'sending' || item.state === 'sent' ? item : null))
  void flush()
}

/** again sends a stuck item once more, changed or as it was. */
export async function again(key: string, part?: Record<string, unknown>) {
  await change(key, (item) => {
    if (item.state !== 'conflict' && item.state !== 'refused') return item
    // A changed body needs a key of its own: the old one answers for the old body.
    const fresh = part ? uuidv7() : item.key
    return { ...item, key: fresh, state: 'waiting', tries: 0, problems: undefined, variables: { input: { ...item.variables.input, ...part, idempotencyKey: fresh } } }
  })
  void flush()
}

const keepSent = 24 * 60 * 60 * 1000

/** tidy forgets what was sent more than a day ago, and all that was sent by people who are signed out. */
async function tidy() {
  const db = await database()
  const person = session.get()
  for (const item of await db.getAll('items')) {
    const old = Date.now() - Date.parse(item.sentAt ?? item.at) > keepSent
    if (item.state === 'sent' && item.seq && (old || item.userId !== person?.userId)) await db.delete('items', item.seq)
  }
}

let timer: ReturnType<typeof setTimeout> | undefined
let channel: BroadcastChannel | undefined

/** startOutbox sends what waits: now, when the network comes back, and when somebody signs in. */
export async function startOutbox() {
  channel = new BroadcastChannel('dure-outbox')
  channel.onmessage = () => void load()
  online.watch(() => online.get() && void flush())
  session.watch(() => void tidy().then(load).then(flush))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void flush())
  await tidy()
  await load()
  void flush()
}

let asked: Promise<void> | undefined

/**
 * flush sends the waiting items one after another, in one tab at a time. Called while
 * a round goes on, it makes another round afterwards: what was added in between is seen.
 */
export function flush(): Promise<void> {
  asked ??= navigator.locks.request('dure-outbox', async () => {
    asked = undefined
    try {
      await round()
    } catch (error) {
      // The device's own database failed; the items in it are still there.
      later(1)
      console.warn('outbox', error)
    }
  })
  return asked
}

/** round sends what can be sent. Without an answer at all it stops; an item that only itself fails holds back what builds on it. */
async function round() {
  const held = new Set<string>()
  for (;;) {
    await load()
    const item = next(items.get(), held)
    if (!item) break
    const done = await deliver(item)
    if (done === 'lost') return later(item.tries + 1)
    if (done === 'held') held.add(item.key)
  }
  if (held.size > 0) later(Math.max(...items.get().filter((i) => held.has(i.key)).map((i) => i.tries)))
}

function later(tries: number) {
  clearTimeout(timer)
  timer = setTimeout(() => void flush(), Math.min(60_000, 1_000 * 2 ** Math.min(tries, 6)))
}

/** deliver sends one item. It is done, or held for later by itself, or lost for want of a way to the server. */
async function deliver(item: Item): Promise<'done' | 'held' | 'lost'> {
  const wait = () => change(item.key, (i) => ({ ...i, state: 'waiting', tries: i.tries + 1 }))
  // Never with another person's token: who is signed in may have changed since the item was read.
  const bearer = await tokenOf(item.userId)
  if (!bearer) {
    await wait()
    return 'lost'
  }
  let mine = false
  await change(item.key, (i) => {
    mine = i.state === 'waiting' || i.state === 'sending'
    return mine ? { ...i, state: 'sending' } : i
  })
  if (!mine) return 'done' // another tab took it back, or sent it
  const ahead = await handInAll(item.files ?? [], bearer)
  if (ahead === 'lost') {
    await wait()
    return 'held'
  }
  if ('problem' in ahead) {
    await change(item.key, (i) => ({ ...i, state: 'refused', problems: [ahead.problem] }))
    return 'done'
  }
  const variables = { input: named(item.variables.input, item.files ?? [], ahead.sums) }
  const answer = await send<Record<string, { userErrors: Problem[] }>>(textFor(item), variables, bearer)
  const said = answer.errors?.[0]?.extensions
  if (answer.lost || answer.status === 401 || said?.code === 'UNAUTHENTICATED' || said?.code === 'INTERNAL' || (said?.code === 'LIMITED' && said.limit !== 'cost')) {
    if (answer.status === 401 || said?.code === 'UNAUTHENTICATED') await refresh(bearer)
    await wait()
    // A server that fails at this item, or a gateway that won't have it, may still take the others.
    return said?.code === 'INTERNAL' || answer.status === 400 || answer.status === 413 ? 'held' : 'lost'
  }
  const payload = answer.data?.[item.field]
  const problems = answer.errors?.map((e) => ({ code: e.extensions?.code ?? 'INVALID', field: null, message: e.message })) ?? payload?.userErrors ?? []
  if (problems.length === 0) await change(item.key, (i) => ({ ...i, state: 'sent', sentAt: new Date().toISOString(), answer: payload, problems: undefined, files: undefined }))
  else await change(item.key, (i) => ({ ...i, state: problems[0]?.code === 'CONFLICT' ? 'conflict' : 'refused', problems, answer: payload }))
  return 'done'
}

/** handInAll hands an item's files in, one after another; it stops at the first that doesn't arrive. */
async function handInAll(files: Attached[], bearer: string): Promise<{ sums: string[] } | { problem: Problem } | 'lost'> {
  const sums: string[] = []
  for (const file of files) {
    const handed = await handIn(file, bearer, language())
    if (handed === 'lost' || 'problem' in handed) return handed
    sums.push(handed.sha256)
  }
  return { sums }
}
