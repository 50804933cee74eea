import { expect, it } from 'vitest'
import { monthStart, periods, todayStart } from './days'

it('takes the day in Seoul, where it is already the next', () => {
  const at = new Date('2026-10-31T15:30:00Z')
  expect(todayStart(at)).toBe('2026-11-01T00:00:00+09:00')
  expect(monthStart(at)).toBe('2026-11-01T00:00:00+09:00')
})

it('compares with the same days a year before', () => {
  expect(periods(new Date('2026-11-24T03:00:00Z'))).toMatchObject({ lastMonth: '2025-10-31T15:00:00.000Z', lastNow: '2025-11-24T03:00:00.000Z' })
})
