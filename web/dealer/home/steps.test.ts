import { expect, test } from 'vitest'
import { placeOf } from './steps'

test.each([
  ['SIGN_CONTRACT', 'ctr_1', 'con_1', '/deal/con_1?contract=ctr_1'],
  ['REQUEST_DELIVERY', 'ctr_1', 'con_1', '/contracts/ctr_1'],
  ['FOLLOW_UP_QUOTE', 'quo_1', null, '/quotes/quo_1'],
  ['FILL_FARM', 'cus_1', null, '/customers/cus_1/edit'],
  ['ISSUE_QUOTE', 'con_1', 'con_1', '/deal/con_1'],
] as const)('%s leads to where it is done', (kind, subjectId, dealId, place) => {
  expect(placeOf({ kind, subjectId, dealId })).toBe(place)
})
