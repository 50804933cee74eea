import type { Needs } from './draft'

/** A machine as far as fitting goes. */
export type Machine = { id: string; horsepower: number; listPrice: number; crops: string[] }

/** One reason for or against a machine: a key of the words and what goes into it. */
export type Reason = { good: boolean; key: string; values: Record<string, string | number> }

export type Fit<M extends Machine> = { machine: M; reasons: Reason[]; score: number }

/** The power that suits an area, in hp, by hectares up to and including. */
const powers: { upTo: number; from: number; to: number }[] = [
  { upTo: 1, from: 20, to: 40 },
  { upTo: 3, from: 33, to: 62 },
  { upTo: 7, from: 48, to: 88 },
  { upTo: 15, from: 62, to: 110 },
  { upTo: 30, from: 82, to: 145 },
  { upTo: Infinity, from: 102, to: 175 },
]

/** The power that an attachment asks for at least, in hp. */
const asks: Record<string, number> = { 로터리: 20, 쟁기: 45, 로더: 28, 트레일러: 33, 휴립기: 38, 방제기: 28, 베일러: 68, '승용 예초기': 20 }

/** The power above which a machine is too wide for greenhouses and orchards, in hp. */
const narrow = 50

/** fits puts machines in order for a farm, each with why. */
export function fits<M extends Machine>(machines: M[], needs: Needs): Fit<M>[] {
  return machines.map((m) => fit(m, needs)).sort((a, b) => b.score - a.score || a.machine.horsepower - b.machine.horsepower)
}

function fit<M extends Machine>(machine: M, needs: Needs): Fit<M> {
  const reasons = [forCrop(machine, needs), forArea(machine, needs), forTerrain(machine, needs), ...forAttachments(machine, needs), forBudget(machine, needs)].filter((r) => r !== null)
  const score = reasons.reduce((sum, r) => sum + (r.good ? 1 : -1) * (weights[r.key] ?? 1), 0)
  return { machine, reasons, score }
}

const weights: Record<string, number> = { crop: 3, area: 3, weak: 3, strong: 2, wide: 3, budget: 2, over: 2 }

function forCrop(m: Machine, { crops }: Needs): Reason | null {
  const crop = crops.find((c) => m.crops.includes(c))
  return crop ? { good: true, key: 'crop', values: { crop } } : null
}

function forArea(m: Machine, { squareMetres }: Needs): Reason | null {
  if (squareMetres <= 0) return null
  const { from, to } = powers.find((p) => squareMetres / 10_000 <= p.upTo)!
  const key = m.horsepower < from ? 'weak' : m.horsepower > to ? 'strong' : 'area'
  return { good: key === 'area', key, values: { squareMetres, from, to } }
}

function forTerrain(m: Machine, { terrain }: Needs): Reason | null {
  if (terrain !== 'GREENHOUSE' && terrain !== 'ORCHARD') return null
  const good = m.horsepower <= narrow
  return { good, key: good ? 'narrow' : 'wide', values: { terrain } }
}

function forAttachments(m: Machine, needs: Needs): Reason[] {
  const heavy = needs.attachments.filter((a) => (asks[a] ?? 0) > m.horsepower)
  if (heavy.length > 0) return heavy.map((attachment) => ({ good: false, key: 'cannotPull', values: { attachment } }))
  return needs.attachments[0] ? [{ good: true, key: 'pulls', values: { attachment: needs.attachments[0] } }] : []
}

function forBudget(m: Machine, { budget }: Needs): Reason | null {
  if (budget <= 0) return null
  return m.listPrice <= budget ? { good: true, key: 'budget', values: { won: budget - m.listPrice } } : { good: false, key: 'over', values: { won: m.listPrice - budget } }
}
