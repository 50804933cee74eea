type Status = 'OFFERED' | 'DECLINED' | 'ACCEPTED' | 'LOADED' | 'IN_TRANSIT' | 'DELAYED' | 'ARRIVED' | 'DELIVERED' | 'CANCELLED'

/** A delivery as far as its way is told from it. */
export type Travelling = {
  status: Status
  requestedAt: string
  answeredAt: string | null
  closedAt: string | null
  events: { id: string; status: Status; place: string; message: string; occurredAt: string }[]
}

/** One step of the way: done or still to come. */
export type Progress = { key: string; status: Status; done: boolean; current: boolean; at: string | null; place: string; message: string }

const way = ['LOADED', 'IN_TRANSIT', 'ARRIVED', 'DELIVERED'] as const

/** progressOf tells a delivery as steps: what was, in order, and what is still to come when it goes on. */
export function progressOf(s: Travelling): Progress[] {
  const step = (key: string, status: Status, at: string | null, place = '', message = ''): Progress => ({ key, status, done: at !== null, current: false, at, place, message })
  const out = [step('offered', 'OFFERED', s.requestedAt)]
  if (s.status === 'DECLINED') out.push(step('end', 'DECLINED', s.closedAt ?? s.answeredAt))
  else if (s.answeredAt) out.push(step('accepted', 'ACCEPTED', s.answeredAt))
  for (const e of s.events) out.push(step(e.id, e.status, e.occurredAt, e.place, e.message))
  if (s.status === 'CANCELLED' || s.status === 'DELIVERED') out.push(step('end', s.status, s.closedAt))
  const last = out.at(-1)
  if (last) last.current = true
  if (s.status === 'CANCELLED' || s.status === 'DECLINED' || s.status === 'DELIVERED') return out
  if (!s.answeredAt) out.push(step('accepted', 'ACCEPTED', null))
  const told = new Set(s.events.map((e) => e.status))
  const reached = way.findLastIndex((w) => told.has(w))
  for (const w of way.slice(reached + 1)) out.push(step(w, w, null))
  return out
}
