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
  /** What it is, for lists: a key of the words, such as "outbox.quote". */
  label: string
  /** Whom or what it is about, such as the customer's name. */
  subject: string
  /** The GraphQL text and the field of the mutation in it. */
  text: string
  field: string
  variables: { input: Record<string, unknown> }
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

/** next chooses what to send: the oldest waiting item whose chain isn't stuck. */
export function next(items: Item[]): Item | undefined {
  const stuck = new Set(items.filter((i) => i.state === 'conflict' || i.state === 'refused').map((i) => i.chain))
  return items.find((i) => (i.state === 'waiting' || i.state === 'sending') && !stuck.has(i.chain))
}

/** unsent counts what the server doesn't have yet. */
export function unsent(items: Item[]): number {
  return items.filter((i) => i.state !== 'sent').length
}
