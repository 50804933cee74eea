import type { Attached } from './upload'

/** How far an item of the outbox has come. */
export type ItemState =
  | 'waiting' // not sent yet, or nobody knows whether it arrived: it will be sent again
  | 'sending'
  | 'sent'
  | 'conflict' // somebody changed the same thing meanwhile: a person decides
  | 'refused' // the server said why it can't be done: a person mends or drops it

/** What a person did, kept on the device until the server has it. */
export type Item = {
  /** The place in the queue, given by the database. */
  seq?: number
  /** The idempotency key: a repeat gets the first answer. */
  key: string
  userId: string
  /** Items of one chain build on each other: when one is stuck the rest of its chain waits. */
  chain: string
  /** Other chains that this item builds on, such as the customer's of a deal. */
  after?: string[]
  /** What it is, for lists: a key of the words, such as "outbox.quote". */
  label: string
  /** Whom or what it is about, such as the customer's name. */
  subject: string
  /** The GraphQL text and the field of the mutation in it. */
  text: string
  field: string
  variables: { input: Record<string, unknown> }
  /** Files that are handed in first, and named in the input by their hashes. */
  files?: Attached[]
  state: ItemState
  /** When the person did it, by this device's clock. */
  at: string
  sentAt?: string
  tries: number
  /** Why it is stuck, in the person's language. */
  problems?: { code: string; field: string | null; message: string }[]
  /** The payload of the answer. */
  answer?: unknown
}

const stuck = (i: Item) => i.state === 'conflict' || i.state === 'refused'

/** blocked tells whether an item waits for a person to mend one that it builds on. */
export function blocked(item: Item, items: Item[]): boolean {
  return items.some((i) => stuck(i) && i.key !== item.key && before(i, item) && touches(i, item))
}

/**
 * next chooses what to send: the oldest waiting item that builds on nothing stuck, and
 * on nothing that is held back for now.
 */
export function next(items: Item[], held: ReadonlySet<string> = new Set()): Item | undefined {
  const unsure = items.filter((i) => i.state !== 'sent' && (stuck(i) || held.has(i.key)))
  return items.find((i) => (i.state === 'waiting' || i.state === 'sending') && !held.has(i.key) && !unsure.some((u) => before(u, i) && touches(u, i)))
}

/** touches tells whether later builds on earlier. */
function touches(earlier: Item, later: Item): boolean {
  return earlier.chain === later.chain || Boolean(later.after?.includes(earlier.chain))
}

const before = (a: Item, b: Item) => (a.seq ?? 0) < (b.seq ?? 0)

/** unsent counts what the server doesn't have yet. */
export function unsent(items: Item[]): number {
  return items.filter((i) => i.state !== 'sent').length
}
