import { pyeongOf, squareMetresOf } from '@kit/farm'
import type { VariablesOf } from '@kit/graphql'
import type { CreateCustomer, UpdateCustomer } from './operations'

/** One field of the farm as it is typed: its area in the unit that was chosen. */
export type ParcelForm = { name: string; area: number; unit: 'pyeong' | 'squareMetres'; crop: string; terrain: string }

/** One machine as it is typed; NaN is empty. */
export type MachineForm = { maker: string; model: string; serialNumber: string; year: number; horsepower: number }

/** A customer as it is typed; numbers that are not known are NaN. */
export type CustomerForm = {
  name: string
  kind: 'PERSON' | 'FIRM'
  birthYear: number
  phone: string
  mail: string
  address: string
  regionCode: string
  districtCode: string
  parcels: ParcelForm[]
  crops: string[]
  terrain: string
  machines: MachineForm[]
  attachments: string[]
  operators: number
  household: string
  replaceYear: number
  agreed: boolean
}

export const emptyForm: CustomerForm = {
  name: '', kind: 'PERSON', birthYear: NaN, phone: '', mail: '', address: '', regionCode: '', districtCode: '',
  parcels: [], crops: [], terrain: '', machines: [], attachments: [], operators: NaN, household: '', replaceYear: NaN, agreed: false,
}

export const emptyParcel: ParcelForm = { name: '', area: NaN, unit: 'pyeong', crop: '', terrain: '' }
export const emptyMachine: MachineForm = { maker: '', model: '', serialNumber: '', year: NaN, horsepower: NaN }

type CreateInput = VariablesOf<typeof CreateCustomer>['input']
type UpdateInput = VariablesOf<typeof UpdateCustomer>['input']
type FarmInput = NonNullable<UpdateInput['farm']>

/** What a form is filled from: a customer as the server tells of them. */
export type Known = {
  name: string
  kind: 'PERSON' | 'FIRM'
  birthYear: number | null
  phone: string
  mail: string
  address: string
  region: { code: string }
  district: { code: string } | null
  farm: {
    parcels: { name: string; squareMetres: number; crop: string; terrain: string | null }[]
    crops: string[]
    terrain: string | null
    machines: { maker: string; model: string; serialNumber: string; year: number; horsepower: number }[]
    attachments: string[]
    operators: number
    household: string
    replaceYear: number
  }
}

const orEmpty = (n: number | null) => n || NaN

/** formOf fills a form with what is known; areas are shown in 평. */
export function formOf(c: Known): CustomerForm {
  return {
    name: c.name, kind: c.kind, birthYear: orEmpty(c.birthYear), phone: c.phone, mail: c.mail, address: c.address, regionCode: c.region.code, districtCode: c.district?.code ?? '',
    parcels: c.farm.parcels.map((p) => ({ name: p.name, area: orEmpty(pyeongOf(p.squareMetres)), unit: 'pyeong', crop: p.crop, terrain: p.terrain ?? '' })),
    crops: c.farm.crops, terrain: c.farm.terrain ?? '',
    machines: c.farm.machines.map((m) => ({ ...m, year: orEmpty(m.year), horsepower: orEmpty(m.horsepower) })),
    attachments: c.farm.attachments, operators: orEmpty(c.farm.operators), household: c.farm.household, replaceYear: orEmpty(c.farm.replaceYear), agreed: false,
  }
}

const known = (n: number) => (Number.isNaN(n) ? undefined : n)
const said = (text: string) => text.trim() || undefined

function farmOf(f: CustomerForm): FarmInput {
  return {
    parcels: f.parcels.filter((p) => p.area > 0).map((p) => ({
      name: said(p.name), squareMetres: p.unit === 'pyeong' ? squareMetresOf(p.area) : Math.round(p.area), crop: said(p.crop), terrain: (said(p.terrain) ?? undefined) as FarmInput['terrain'],
    })),
    crops: f.crops,
    terrain: (said(f.terrain) ?? undefined) as FarmInput['terrain'],
    machines: f.machines.filter((m) => m.model.trim() !== '').map((m) => ({ maker: said(m.maker), model: m.model.trim(), serialNumber: said(m.serialNumber), year: known(m.year), horsepower: known(m.horsepower) })),
    attachments: f.attachments,
    operators: known(f.operators),
    household: said(f.household),
    replaceYear: known(f.replaceYear),
  }
}

/** createInput is what a new customer is sent as; whatever was left empty is left out. */
export function createInput(f: CustomerForm, consentTextId?: string): Omit<CreateInput, 'id' | 'idempotencyKey'> {
  return {
    name: f.name.trim(), kind: f.kind, birthYear: known(f.birthYear), phone: said(f.phone), mail: said(f.mail), address: said(f.address),
    regionCode: said(f.regionCode), districtCode: said(f.districtCode), farm: farmOf(f), consentTextId: f.agreed ? consentTextId : undefined,
  }
}

type Changes = Omit<UpdateInput, 'customerId' | 'expectedVersion' | 'idempotencyKey'>

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** changesOf is what differs between two states of a form, and nothing else, so that others' changes to the rest are kept. */
export function changesOf(before: CustomerForm, after: CustomerForm): Changes {
  const out: Changes = {}
  if (after.name.trim() !== before.name.trim()) out.name = after.name.trim()
  if (!same(after.birthYear, before.birthYear)) out.birthYear = known(after.birthYear)
  for (const field of ['phone', 'mail', 'address'] as const) if (after[field].trim() !== before[field].trim()) out[field] = after[field].trim()
  for (const field of ['regionCode', 'districtCode'] as const) if (after[field] !== before[field] && after[field]) out[field] = after[field]
  const [was, is] = [farmOf(before), farmOf(after)]
  const farm = Object.fromEntries(Object.entries(is).filter(([k, v]) => v !== undefined && !same(v, was[k as keyof FarmInput]))) as FarmInput
  if (Object.keys(farm).length > 0) out.farm = farm
  return out
}

/** filledOf counts which of the farm's eight fields say something, as the server counts them. */
export function filledOf(f: CustomerForm): number {
  return [f.parcels.some((p) => p.area > 0), f.crops.length > 0, f.terrain !== '', f.machines.some((m) => m.model.trim() !== ''), f.attachments.length > 0, f.operators > 0, f.household !== '', f.replaceYear > 0].filter(Boolean).length
}
