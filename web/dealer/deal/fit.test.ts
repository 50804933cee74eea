import { describe, expect, test } from 'vitest'
import { empty, listTotal, monthly, withinBand } from './draft'
import { fits } from './fit'

const machine = (horsepower: number, listPrice: number, ...crops: string[]) => ({ id: `prd_${horsepower}`, horsepower, listPrice, crops })
const small = machine(22, 18_000_000, 'GREENHOUSE', 'FRUIT')
const middle = machine(55, 44_000_000, 'RICE', 'VEGETABLE')
const large = machine(145, 150_000_000, 'RICE', 'FORAGE')
const needs = empty().needs
const keys = (all: ReturnType<typeof fits>, id: string) => all.find((f) => f.machine.id === id)!.reasons.map((r) => r.key)

describe('machines for a farm', () => {
  test('two hectares of rice want the middle one, and say why', () => {
    const found = fits([large, small, middle], { ...needs, crops: ['RICE'], squareMetres: 20_000 })
    expect(found[0]!.machine).toBe(middle)
    expect(keys(found, 'prd_55')).toEqual(['crop', 'area'])
    expect(keys(found, 'prd_22')).toEqual(['weak'])
    expect(keys(found, 'prd_145')).toEqual(['crop', 'strong'])
  })

  test('an orchard wants a narrow one', () => {
    expect(fits([middle, small], { ...needs, terrain: 'ORCHARD' })[0]!.machine).toBe(small)
  })

  test('an attachment that a machine cannot pull speaks against it', () => {
    const found = fits([small, middle], { ...needs, attachments: ['쟁기'] })
    expect(found[0]!.machine).toBe(middle)
    expect(keys(found, 'prd_22')).toEqual(['cannotPull'])
  })

  test('a budget is told by how much it is kept or passed', () => {
    const found = fits([small, middle], { ...needs, budget: 20_000_000 })
    expect(found[0]!.reasons[0]).toEqual({ good: true, key: 'budget', values: { won: 2_000_000 } })
    expect(found[1]!.reasons[0]).toEqual({ good: false, key: 'over', values: { won: 24_000_000 } })
  })

  test('where nothing is known, the smallest comes first and nothing is claimed', () => {
    const found = fits([large, middle, small], needs)
    expect(found.map((f) => f.machine)).toEqual([small, middle, large])
    expect(found.flatMap((f) => f.reasons)).toEqual([])
  })
})

describe('sums', () => {
  test('a machine and its options are added up', () => {
    const option = (id: string, price: number) => ({ id, name: '', nameEn: '', price })
    expect(listTotal({ id: '', name: '', listPrice: 36_000_000, options: [option('a', 2_880_000), option('b', 1)] }, ['a'])).toBe(38_880_000)
  })

  test.each([
    [10_000_000, 0, 36, 277_778],
    [1_000_000, 1_200, 12, 88_849],
    [0, 390, 12, 0],
  ])('%i won at %i basis points over %i months is %i a month', (principal, rate, months, expected) => {
    expect(monthly(principal, rate, months)).toBe(expected)
  })

  test('the band ends at the last won that needs no approval', () => {
    expect(withinBand(1_260_000, 36_000_000, 350)).toBe(true)
    expect(withinBand(1_260_001, 36_000_000, 350)).toBe(false)
  })
})
