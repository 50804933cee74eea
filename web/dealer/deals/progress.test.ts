import { expect, test } from 'vitest'
import { progressOf, type Travelling } from './progress'

const told = (part: Partial<Travelling>) => progressOf({ status: 'OFFERED', requestedAt: 'a', answeredAt: null, closedAt: null, events: [], ...part }).map((p) => (p.done ? p.status : `(${p.status})`))
const event = (status: Travelling['status']) => ({ id: status, status, place: '', message: '', occurredAt: 't' })

test('a delivery that was only asked for has its whole way to come', () => {
  expect(told({})).toEqual(['OFFERED', '(ACCEPTED)', '(LOADED)', '(IN_TRANSIT)', '(ARRIVED)', '(DELIVERED)'])
})

test('a delay stands where it happened and takes nothing from the way', () => {
  expect(told({ status: 'DELAYED', answeredAt: 'b', events: [event('LOADED'), event('DELAYED')] })).toEqual(['OFFERED', 'ACCEPTED', 'LOADED', 'DELAYED', '(IN_TRANSIT)', '(ARRIVED)', '(DELIVERED)'])
})

test('a step that the carrier never told is not to come any more once a later one was', () => {
  expect(told({ status: 'ARRIVED', answeredAt: 'b', events: [event('ARRIVED')] })).toEqual(['OFFERED', 'ACCEPTED', 'ARRIVED', '(DELIVERED)'])
})

test('what is over has nothing to come', () => {
  expect(told({ status: 'DECLINED', closedAt: 'c' })).toEqual(['OFFERED', 'DECLINED'])
  expect(told({ status: 'DELIVERED', answeredAt: 'b', closedAt: 'c', events: [event('LOADED')] })).toEqual(['OFFERED', 'ACCEPTED', 'LOADED', 'DELIVERED'])
})
