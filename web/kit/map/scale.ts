/** How values become colours: more of one thing, or under and over a middle. */
export type Scale = { kind: 'amount' | 'balance'; steps: number[] }

/**
 * scaleOf makes a scale of five steps over values. For an amount the steps are
 * quintiles, so that one large province does not make all others pale. For a
 * balance they lie evenly on both sides of middle, as wide as the farthest value.
 */
export function scaleOf(values: number[], kind: Scale['kind'], middle = 0): Scale {
  if (values.length === 0) return { kind, steps: [] }
  if (kind === 'balance') {
    const reach = Math.max(...values.map((v) => Math.abs(v - middle))) || 1
    return { kind, steps: [-0.6, -0.2, 0.2, 0.6].map((share) => middle + share * reach) }
  }
  const sorted = [...values].sort((a, b) => a - b)
  const steps = [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)
  return { kind, steps: [...new Set(steps)].filter((s) => s > sorted[0]!) }
}

/** stepOf is the step of a value: 0 for the lowest, 4 for the highest. */
export function stepOf(scale: Scale, value: number): number {
  const passed = scale.steps.filter((s) => value >= s).length
  // Fewer steps than four spread over the whole range of colours.
  return scale.steps.length === 0 ? 2 : Math.round((passed * 4) / scale.steps.length)
}
