/** seoulDay is a time's day in Seoul, such as "2026-11-24". Korea has no summer time. */
function seoulDay(at: Date): string {
  return new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10)
}

/** todayStart is when the day began in Seoul. */
export function todayStart(now = new Date()): string {
  return `${seoulDay(now)}T00:00:00+09:00`
}

/** monthStart is when the month began in Seoul. */
export function monthStart(now = new Date()): string {
  return `${seoulDay(now).slice(0, 7)}-01T00:00:00+09:00`
}

/** yearBefore is the same time a year earlier; of 29 February it is 1 March. */
export function yearBefore(time: string): string {
  const at = new Date(time)
  at.setUTCFullYear(at.getUTCFullYear() - 1)
  return at.toISOString()
}

/** periods are the days that the wall compares: today, this month, and the same days a year before. */
export function periods(now = new Date()) {
  return { today: todayStart(now), month: monthStart(now), lastMonth: yearBefore(monthStart(now)), lastNow: yearBefore(now.toISOString()) }
}
