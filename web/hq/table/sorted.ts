const words = new Intl.Collator('ko')

/** sorted orders rows by a value without changing them; rows without one come last either way. */
export function sorted<T>(rows: T[], by: (row: T) => string | number | null, down: boolean): T[] {
  const turn = down ? -1 : 1
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      if (typeof a.value === 'number' && typeof b.value === 'number') return turn * (a.value - b.value)
      return turn * words.compare(String(a.value), String(b.value))
    })
    .map((x) => x.row)
}
