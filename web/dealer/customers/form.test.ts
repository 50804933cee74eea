import { expect, test } from 'vitest'
import { changesOf, createInput, emptyForm, emptyMachine, emptyParcel, filledOf, formOf, type Known } from './form'

const known: Known = {
  name: '김철수', kind: 'PERSON', birthYear: 1961, phone: '010-0000-0001', mail: '', address: '', region: { code: '52' }, district: null,
  farm: {
    parcels: [{ name: '앞논', squareMetres: 9_917, crop: 'RICE', terrain: null }], crops: ['RICE'], terrain: 'FLAT',
    machines: [{ maker: '두레', model: 'DR50', serialNumber: '', year: 2015, horsepower: 0 }], attachments: ['쟁기'], operators: 0, household: '', replaceYear: 0,
  },
}

test('a form that was only opened changes nothing', () => {
  expect(changesOf(formOf(known), formOf(known))).toEqual({})
})

test('only what was touched is sent, so that others’ changes to the rest are kept', () => {
  const before = formOf(known)
  expect(changesOf(before, { ...before, phone: '010-0000-0002', crops: ['RICE', 'GARLIC'] })).toEqual({ phone: '010-0000-0002', farm: { crops: ['RICE', 'GARLIC'] } })
})

test('a phone number that is deleted is sent as empty', () => {
  expect(changesOf(formOf(known), { ...formOf(known), phone: '' })).toEqual({ phone: '' })
})

test('an area in pyeong is sent in square metres', () => {
  const form = { ...emptyForm, name: '박영희', parcels: [{ ...emptyParcel, area: 3_000 }, { ...emptyParcel, unit: 'squareMetres' as const, area: 500 }] }
  expect(createInput(form).farm?.parcels?.map((p) => p.squareMetres)).toEqual([9_917, 500])
})

test('lines that were added and left empty are not sent', () => {
  const farm = createInput({ ...emptyForm, name: '박영희', parcels: [emptyParcel], machines: [emptyMachine] }).farm
  expect([farm?.parcels, farm?.machines]).toEqual([[], []])
})

test('the consent goes along only when it was agreed to', () => {
  expect(createInput({ ...emptyForm, name: '박영희' }, 'personal-data@1').consentTextId).toBeUndefined()
  expect(createInput({ ...emptyForm, name: '박영희', agreed: true }, 'personal-data@1').consentTextId).toBe('personal-data@1')
})

test('the farm’s eight fields are counted as the server counts them', () => {
  expect(filledOf(formOf(known))).toBe(5)
  expect(filledOf(emptyForm)).toBe(0)
})
