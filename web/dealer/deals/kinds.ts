/** The lists of the deals' place, in the order of a deal. */
export const kinds = ['talks', 'quotes', 'contracts', 'finance', 'shipments'] as const
export type Kind = (typeof kinds)[number]

/** kindOf reads which list is asked for in the address; talks when it says nothing of sense. */
export function kindOf(search: Record<string, unknown>): { kind: Kind } {
  return { kind: kinds.find((k) => k === search.kind) ?? 'talks' }
}
