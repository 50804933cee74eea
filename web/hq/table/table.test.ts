import { describe, expect, it } from 'vitest'
import { csv } from './csv'
import { sorted } from './sorted'

describe('sorted', () => {
  it('orders numbers by size and Korean by the alphabet, and leaves the rows as they were', () => {
    const rows = [{ n: 10, w: '나주' }, { n: 9, w: '가평' }]
    expect(sorted(rows, (r) => r.n, false).map((r) => r.n)).toEqual([9, 10])
    expect(sorted(rows, (r) => r.w, true).map((r) => r.w)).toEqual(['나주', '가평'])
    expect(rows[0]?.n).toBe(10)
  })
  it('puts what has no value last, up and down', () => {
    for (const down of [true, false]) expect(sorted([null, 2, 1], (v) => v, down).at(-1)).toBeNull()
  })
})

describe('csv', () => {
  it('quotes what has commas, quotes or line ends', () => {
    expect(csv(['a', 'b'], [['1,5', 'say "hi"']])).toBe('\uFEFFa,b\r\n"1,5","say ""hi"""\r\n')
  })
  it('lets no text be run as a formula', () => {
    expect(csv(['a'], [['=1+1'], [-5]])).toBe("\uFEFFa\r\n'=1+1\r\n-5\r\n")
  })
})
