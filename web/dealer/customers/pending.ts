import type { Item } from '@kit/outbox/item'
import type { Known } from './form'

const waits = (i: Item) => i.state !== 'sent'

/** A customer who is on this device and not yet with the server. */
export type Pending = { id: string; name: string; phone: string; item: Item }

/** pendingCustomers lists those who were added here and have not been sent, the newest first. */
export function pendingCustomers(items: Item[]): Pending[] {
  return items.filter((i) => waits(i) && i.field === 'createCustomer').reverse().map((item) => {
    const input = item.variables.input as { id?: string; name: string; phone?: string }
    return { id: input.id ?? '', name: input.name, phone: input.phone ?? '', item }
  })
}

/** pendingEdits lists the changes to a customer that have not been sent, in order. */
export function pendingEdits(items: Item[], customerId: string): Item[] {
  return items.filter((i) => waits(i) && i.field === 'updateCustomer' && i.variables.input.customerId === customerId)
}

/** withEdits shows a customer as they will be once what waits here is sent. */
export function withEdits<C extends Known>(customer: C, edits: Item[]): C {
  return edits.reduce((c, edit) => {
    const { farm, regionCode, districtCode, ...rest } = edit.variables.input as Record<string, unknown> & { farm?: Partial<Known['farm']>; regionCode?: string; districtCode?: string }
    const plain = Object.fromEntries(Object.entries(rest).filter(([k, v]) => v !== undefined && ['name', 'birthYear', 'phone', 'mail', 'address'].includes(k)))
    return {
      ...c, ...plain, farm: { ...c.farm, ...completed(farm) },
      region: regionCode && regionCode !== c.region.code ? { ...c.region, code: regionCode } : c.region,
      district: districtCode && districtCode !== c.district?.code ? { ...c.district, code: districtCode } : c.district,
    }
  }, customer)
}

/** completed gives what was sent of a farm the empty values that the server would answer with. */
function completed(farm: Partial<Known['farm']> | undefined): Partial<Known['farm']> {
  if (!farm) return {}
  const said = Object.fromEntries(Object.entries(farm).filter(([, v]) => v !== undefined && v !== null)) as Partial<Known['farm']>
  if (said.parcels) said.parcels = said.parcels.map((p) => ({ ...p, name: p.name ?? '', crop: p.crop ?? '', terrain: p.terrain ?? null }))
  if (said.machines) said.machines = said.machines.map((m) => ({ ...m, maker: m.maker ?? '', serialNumber: m.serialNumber ?? '', year: m.year ?? 0, horsepower: m.horsepower ?? 0 }))
  return said
}
