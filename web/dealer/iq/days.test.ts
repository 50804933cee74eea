import { expect, test } from 'vitest'
import { byDay, signed } from './days'

test('a day begins at midnight in Seoul, wherever the device is', () => {
  const rows = ['2026-11-24T15:30:00Z', '2026-11-24T14:59:00Z', '2026-11-23T15:00:00Z']
  expect(byDay(rows, (r) => r).map((d) => d.rows.length)).toEqual([1, 2])
})

test('a day that comes twice has two keys', () => {
  const keys = byDay(['2026-11-24T01:00:00Z', '2026-11-22T01:00:00Z', '2026-11-24T02:00:00Z'], (r) => r).map((d) => d.key)
  expect(new Set(keys).size).toBe(3)
})

test('points say whether they were given or taken', () => {
  expect([8, 0, -3].map(signed)).toEqual(['+8', '0', '−3'])
})
