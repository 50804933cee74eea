const inSeoul = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul', year: 'numeric', month: '2-digit', day: '2-digit' })

/** byDay gathers rows by their business day in Seoul, in the order they come. */
export function byDay<Row>(rows: Row[], timeOf: (row: Row) => string): { key: string; rows: Row[] }[] {
  const days: { key: string; rows: Row[] }[] = []
  for (const row of rows) {
    const key = inSeoul.format(new Date(timeOf(row)))
    const last = days.at(-1)
    if (last?.key === key) last.rows.push(row)
    else days.push({ key, rows: [row] })
  }
  // A late act lies between the days of others: its day may come twice, and each needs a key of its own.
  return days.map((d, i) => ({ ...d, key: `${d.key}.${i}` }))
}

/** signed writes points with their sign: "+8", "−3", "0". */
export function signed(points: number): string {
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0'
}

/** over tells whether a moment has passed. */
export function over(time: string, now = Date.now()): boolean {
  return Date.parse(time) <= now
}
