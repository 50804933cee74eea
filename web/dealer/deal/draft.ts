import { madeId } from '@kit/ids'
import { saveDraft, useDraft } from '@kit/outbox/drafts'

/** The steps of a deal, in order. Each can be left and taken up again. */
export const steps = ['needs', 'machines', 'film', 'quote', 'offer', 'contract', 'consents', 'sign', 'done'] as const
export type Step = (typeof steps)[number]

export type Terrain = 'FLAT' | 'TERRACED' | 'SLOPED' | 'GREENHOUSE' | 'ORCHARD'

/** What the farmer came with. */
export type Needs = { crops: string[]; squareMetres: number; terrain: Terrain | null; attachments: string[]; budget: number; purpose: string }

/** The machine on offer and what is asked for it, in won. */
export type Offer = {
  productId: string
  optionIds: string[]
  discount: number
  tradeInWhat: string
  tradeInAmount: number
  valuePoints: string[]
  programmeId: string
  months: number
  downPayment: number
  delivery: string
}

/** What the customer reads and signs: the paper that the server made, and its fingerprint. */
export type Paper = { contractId: string; number: string; version: number; sha256: string; total: number }

/** A deal as it lies on the device. Its id is the consultation's. */
export type Deal = {
  consultationId: string
  customerName: string
  customer: { id: string; name: string } | null
  needs: Needs
  step: Step
  /** When the consultation was opened; '' until then. */
  openedAt: string
  /** Seconds of each machine's film that were watched and not yet recorded. */
  watched: Record<string, number>
  offer: Offer | null
  /** The newest quote; '' until one is issued. */
  quoteId: string
  /** The quote's version as this device knows it. */
  quoteVersion: number
  quotedAt: string
  paper: Paper | null
  /** Whether the paper was opened or read aloud. */
  read: boolean
  agreed: string[]
  signedAt: string
}

const kind = 'deal'

/** empty is a deal that nothing is known of. */
export function empty(id = '', customer: Deal['customer'] = null): Deal {
  return {
    consultationId: id, customerName: customer?.name ?? '', customer, needs: { crops: [], squareMetres: 0, terrain: null, attachments: [], budget: 0, purpose: '' }, step: 'needs', openedAt: '', watched: {}, offer: null,
    quoteId: '', quoteVersion: 1, quotedAt: '', paper: null, read: false, agreed: [], signedAt: '',
  }
}

/** begin makes a new deal on the device and answers its id. */
export async function begin(customer: Deal['customer']): Promise<string> {
  const id = madeId('con')
  await saveDraft(id, kind, empty(id, customer))
  return id
}

/** useDeal holds a deal in a component. */
export function useDeal(id: string) {
  return useDraft<Deal>(id, kind, nothing)
}

const nothing = empty()

/** keepDeal puts a deal on the device, such as one that was begun elsewhere. */
export async function keepDeal(id: string, deal: Deal) {
  await saveDraft(id, kind, deal)
}

/** paperOf names where a deal's PDF lies among the drafts. */
export const paperOf = (id: string) => `${id}/paper`

/** A machine as it is priced today. */
export type Priced = { id: string; name: string; listPrice: number; options: { id: string; name: string; nameEn: string; price: number }[] }

/** listTotal sums a machine and the options that were chosen. */
export function listTotal(product: Priced, optionIds: string[]): number {
  return product.options.filter((o) => optionIds.includes(o.id)).reduce((sum, o) => sum + o.price, product.listPrice)
}

/** withinBand tells whether a discount needs no approval, counted in won as the server counts. */
export function withinBand(discount: number, total: number, basisPoints: number): boolean {
  return discount * 10_000 <= total * basisPoints
}

/**
 * monthly is the level payment that repays principal over months at a yearly rate in
 * basis points, rounded up to whole won: the server's own sum, reckoned without a network.
 * Annuity formula: P·b·(y+b)^n / (y·((y+b)^n − y^n)) with y = 120,000.
 */
export function monthly(principal: number, rateBp: number, months: number): number {
  if (principal <= 0 || months <= 0) return 0
  if (rateBp <= 0) return Math.ceil(principal / months)
  const year = 120_000n
  const grown = (year + BigInt(rateBp)) ** BigInt(months)
  const over = BigInt(principal) * BigInt(rateBp) * grown
  const under = year * (grown - year ** BigInt(months))
  return Number((over + under - 1n) / under)
}
