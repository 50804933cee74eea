import { expect, test } from 'vitest'
import { pyeongOf, squareMetresOf } from './farm'

test('a field of 3,000 pyeong comes back as it was typed', () => {
  expect(squareMetresOf(3_000)).toBe(9_917)
  expect(pyeongOf(squareMetresOf(3_000))).toBe(3_000)
})

test('a hectare is 3,025 pyeong', () => {
  expect(pyeongOf(10_000)).toBe(3_025)
})
