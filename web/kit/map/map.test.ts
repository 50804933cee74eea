import { expect, test } from 'vitest'
import { around, districts, middleOf, place, regions } from './geometry'
import { scaleOf, stepOf } from './scale'

test('every province and district has an outline', () => {
  expect(regions()).toHaveLength(17)
  expect(districts()).toHaveLength(229)
  for (const s of [...regions(), ...districts()]) expect(s.path).toMatch(/^M[\d. L-]+Z/)
})

test('the middle of 전주 lies in the box of 전북', () => {
  const [x, y] = districts().find((d) => d.code === '52110')!.middle
  const { left, right, top, bottom } = regions().find((r) => r.code === '52')!.box
  expect(x > left && x < right && y > top && y < bottom).toBe(true)
})

test('the islands in the east are drawn nearer, in their order', () => {
  const [ulleung, dokdo, pohang] = [place([130.9, 37.5]), place([131.87, 37.24]), place([129.58, 36])]
  expect(pohang[0]).toBeLessThan(ulleung[0])
  expect(ulleung[0]).toBeLessThan(dokdo[0])
})

test('the middle of a square is its centre', () => {
  expect(middleOf([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]])).toEqual([1, 1])
  expect(around([{ left: 0, top: 0, right: 2, bottom: 2 }, { left: 5, top: 1, right: 6, bottom: 9 }], 1)).toEqual({ left: -1, top: -1, right: 7, bottom: 10 })
})

test('an amount is split into fifths, so that one large value leaves the others apart', () => {
  const scale = scaleOf([1, 2, 3, 4, 1000], 'amount')
  expect([1, 2, 3, 4, 1000].map((v) => stepOf(scale, v))).toEqual([0, 1, 2, 3, 4])
})

test('equal amounts have one colour, and a balance is even on both sides', () => {
  expect(stepOf(scaleOf([7, 7, 7], 'amount'), 7)).toBe(2)
  const scale = scaleOf([-10, 4, 10], 'balance')
  expect([-10, 0, 10].map((v) => stepOf(scale, v))).toEqual([0, 2, 4])
})
