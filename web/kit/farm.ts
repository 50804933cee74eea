import i18next from 'i18next'

/** The crops that products and farms are sorted by. */
export const crops = ['RICE', 'VEGETABLE', 'GARLIC', 'HIGHLAND', 'GREENHOUSE', 'FRUIT', 'CITRUS', 'FORAGE'] as const

/** The lie of the land, as the schema names it. */
export const terrains = ['FLAT', 'TERRACED', 'SLOPED', 'GREENHOUSE', 'ORCHARD'] as const

/** How a farm is worked, as the schema names it. */
export const households = ['FULL_TIME', 'PART_TIME', 'FIRM'] as const

/** Attachments that many farms use; others are written in. */
export const attachments = ['로터리', '쟁기', '로더', '트레일러', '휴립기', '방제기', '베일러', '승용 예초기'] as const

/** cropName is the crop in the person's language; a code that is not known here stays as it is. */
export function cropName(code: string): string {
  return i18next.t(`kit:crop.${code}`, { defaultValue: code })
}

const squareMetresOfPyeong = 400 / 121

/** pyeongOf turns square metres into whole 평. */
export function pyeongOf(squareMetres: number): number {
  return Math.round(squareMetres / squareMetresOfPyeong)
}

/** squareMetresOf turns 평 into whole square metres. */
export function squareMetresOf(pyeong: number): number {
  return Math.round(pyeong * squareMetresOfPyeong)
}
