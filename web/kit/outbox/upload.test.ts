import { afterEach, expect, test, vi } from 'vitest'
import { type Attached, handIn, named } from './upload'

const file = (field: string, many?: boolean): Attached => ({ to: '/files/voices', field, many, blob: new Blob(['x']) })

afterEach(() => vi.unstubAllGlobals())

const answering = (status: number, body: string) => vi.stubGlobal('fetch', async () => new Response(body, { status }))

test('files are named in the fields that ask for them', () => {
  const files = [file('photoSha256s', true), file('photoSha256s', true), file('audioSha256')]
  expect(named({ text: 'x' }, files, ['a', 'b', 'c'])).toEqual({ text: 'x', photoSha256s: ['a', 'b'], audioSha256: 'c' })
})

test('a file that was kept is known by its hash', async () => {
  answering(201, '{"sha256":"abc"}')
  expect(await handIn(file('audioSha256'), 'token', 'ko')).toEqual({ sha256: 'abc' })
})

test('a file that the server will not have comes back with its words', async () => {
  answering(400, '{"code":"INVALID","message":"너무 커요"}')
  expect(await handIn(file('audioSha256'), 'token', 'ko')).toEqual({ problem: { code: 'INVALID', field: null, message: '너무 커요' } })
})

test.each([[401, '{"code":"UNAUTHENTICATED","message":"x"}'], [503, ''], [502, '<html>']])('an answer of %i is tried again later', async (status, body) => {
  answering(status, body)
  expect(await handIn(file('audioSha256'), 'token', 'ko')).toBe('lost')
})
