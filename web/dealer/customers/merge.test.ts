import { expect, test } from 'vitest'
import { chosen, differences } from './merge'

const mine = { customerId: 'cus_1', expectedVersion: 3, idempotencyKey: 'k', occurredAt: 'now', phone: '010-1', address: '앞골', farm: { crops: ['RICE'], replaceYear: 2028 } }

test('only what two people wrote differently is asked about', () => {
  const theirs = { phone: '010-2', address: '앞골', farm: { crops: ['GARLIC'], replaceYear: 2028 } }
  expect(differences(mine, theirs)).toEqual([
    { field: 'phone', mine: '010-1', theirs: '010-2' },
    { field: 'farm.crops', mine: ['RICE'], theirs: ['GARLIC'] },
  ])
})

test('what says nothing is the same however it is written', () => {
  expect(differences({ farm: { parcels: [{ squareMetres: 10, crop: 'RICE' }] } }, { farm: { parcels: [{ __typename: undefined, name: '', squareMetres: 10, crop: 'RICE', terrain: null }] } })).toEqual([])
})

test('what the server added to a thing for its own use is no difference', () => {
  expect(differences({ farm: { machines: [{ model: 'DR50' }] } }, { farm: { machines: [{ __typename: 'Machine', model: 'DR50', year: 0 }] } })).toEqual([])
})

test('a line that was given up is left out of what is sent again', () => {
  expect(chosen({ phone: '010-1', farm: { crops: ['RICE'], replaceYear: 2028 } }, (f) => f === 'farm.crops')).toEqual({ phone: undefined, farm: { crops: ['RICE'] } })
  expect(chosen({ farm: { crops: ['RICE'] } }, () => false)).toEqual({ farm: undefined })
})
