/** One thing that two people wrote differently. */
export type Difference = { field: string; mine: unknown; theirs: unknown }

type Bag = Record<string, unknown>

const same = (a: unknown, b: unknown) => JSON.stringify(tidy(a)) === JSON.stringify(tidy(b))

/** tidy writes a value so that what says nothing compares equal, however it is written. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy)
  if (value && typeof value === 'object') {
    const said = Object.entries(value as Bag).filter(([k, v]) => k !== '__typename' && v !== null && v !== undefined && v !== '' && v !== 0)
    return Object.fromEntries(said.sort(([a], [b]) => a.localeCompare(b)).map(([k, v]) => [k, tidy(v)]))
  }
  return value === null || value === 0 ? '' : (value ?? '')
}

/** differences lists what I meant to write and what stands there now, where they are not the same; the farm's fields each by themselves. */
export function differences(mine: Bag, theirs: Bag): Difference[] {
  const out: Difference[] = []
  for (const [field, value] of Object.entries(mine)) {
    if (value === undefined || ['customerId', 'expectedVersion', 'idempotencyKey', 'occurredAt'].includes(field)) continue
    if (field === 'farm') {
      for (const d of differences((value ?? {}) as Bag, (theirs.farm ?? {}) as Bag)) out.push({ ...d, field: `farm.${d.field}` })
    } else if (!same(value, theirs[field])) out.push({ field, mine: value, theirs: theirs[field] })
  }
  return out
}

/** chosen is what to send once a person has decided, field by field: mine where they kept mine, nothing where theirs shall stand. */
export function chosen(mine: Bag, keep: (field: string) => boolean): Bag {
  const out: Bag = {}
  for (const [field, value] of Object.entries(mine)) {
    if (field === 'farm' && value) {
      const farm = Object.fromEntries(Object.entries(value as Bag).filter(([k]) => keep(`farm.${k}`)))
      out.farm = Object.keys(farm).length > 0 ? farm : undefined
    } else out[field] = keep(field) ? value : undefined
  }
  return out
}
