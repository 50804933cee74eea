import { expect, test } from 'vitest'
import { filterOf, matches } from './search'

test.each([
  ['김', { search: '김' }],
  ['ㄱㅊㅅ', { search: 'ㄱㅊㅅ' }],
  ['010-1234-5678', { phone: '01012345678' }],
  ['kim@example.kr', { mail: 'kim@example.kr' }],
  ['  ', null],
])('what was typed, %s, is asked for as %o', (typed, filter) => {
  expect(filterOf(typed)).toEqual(filter)
})

test.each([
  ['ㄱㅊㅅ', true],
  ['철수', true],
  ['0001', true],
  ['ㅂㅊㅅ', false],
  ['0009', false],
])('%s finds 김철수 on the device: %s', (typed, found) => {
  expect(matches({ name: '김철수', phone: '010-0000-0001' }, typed)).toBe(found)
})
