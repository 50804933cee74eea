import { expect, test } from 'vitest'
import { madeId, uuidv7 } from './ids'

test('an id is written as the server writes it', () => {
  expect(madeId('cus', '01ffffff-ffff-7fff-bfff-ffffffffffff')).toBe('cus_01zzzzzzzzfzzvzzzzzzzzzzzz')
})

test('ids sort by the time they were made', () => {
  expect(madeId('cus', uuidv7(1_000)) < madeId('cus', uuidv7(2_000))).toBe(true)
})
