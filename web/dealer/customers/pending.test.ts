import { expect, test } from 'vitest'
import type { Item } from '@kit/outbox/item'
import { formOf, type Known } from './form'
import { pendingCustomers, pendingEdits, withEdits } from './pending'

const item = (part: Partial<Item>): Item => ({
  key: 'k', userId: 'u', chain: 'c', label: 'outbox.customer', subject: '', text: '', field: 'createCustomer', variables: { input: {} }, state: 'waiting', at: '', tries: 0, ...part,
})

test('customers that wait are listed newest first, and those sent are not', () => {
  const made = (id: string, state: Item['state']) => item({ state, variables: { input: { id, name: id } } })
  expect(pendingCustomers([made('a', 'waiting'), made('b', 'sent'), made('c', 'refused')]).map((p) => p.id)).toEqual(['c', 'a'])
})

test('a customer is shown as they will be once what waits is sent, the rest as it was', () => {
  const customer: Known = {
    name: '김철수', kind: 'PERSON', birthYear: null, phone: '010-0000-0001', mail: '', address: '앞골', region: { code: '52' }, district: null,
    farm: { parcels: [], crops: ['RICE'], terrain: 'FLAT', machines: [], attachments: [], operators: 0, household: '', replaceYear: 0 },
  }
  const edit = item({ field: 'updateCustomer', variables: { input: { customerId: 'cus_1', phone: '010-0000-0002', farm: { machines: [{ model: 'DR50' }], terrain: undefined } } } })
  const shown = withEdits(customer, pendingEdits([edit], 'cus_1'))
  expect(shown).toMatchObject({ phone: '010-0000-0002', address: '앞골', farm: { crops: ['RICE'], terrain: 'FLAT' } })
  expect(formOf(shown).machines[0]).toMatchObject({ model: 'DR50', maker: '', serialNumber: '' })
})
