import { language } from './index'

const seoul = 'Asia/Seoul'
const locale = () => (language() === 'ko' ? 'ko-KR' : 'en-GB')

/** won writes whole won: "41,500,000원", "₩41,500,000". */
export function won(amount: number): string {
  const digits = new Intl.NumberFormat('ko-KR').format(amount)
  return language() === 'ko' ? `${digits}원` : `₩${digits}`
}

/**
 * manwon writes an amount as people say it: "4,150만원", "1억 2,000만원"; in English "₩41.5M".
 * What is under 10,000 won is rounded away; amounts under 10,000 won stay whole.
 */
export function manwon(amount: number): string {
  if (Math.abs(amount) < 10_000) return won(amount)
  if (language() === 'en') return `₩${new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 }).format(amount)}`
  const man = Math.round(amount / 10_000)
  const eok = Math.trunc(man / 10_000)
  const rest = Math.abs(man % 10_000)
  const number = new Intl.NumberFormat('ko-KR')
  if (eok === 0) return `${number.format(man)}만원`
  return rest === 0 ? `${number.format(eok)}억원` : `${number.format(eok)}억 ${number.format(rest)}만원`
}

/** count writes a whole number with its separators. */
export function count(n: number): string {
  return new Intl.NumberFormat(locale()).format(n)
}

/** percent writes basis points: 250 is "2.5%". */
export function percent(basisPoints: number): string {
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(basisPoints / 100)}%`
}

/** area writes square metres as 평 with hectares beside it; English the other way round. */
export function area(squareMetres: number): string {
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 0 })
  const hectares = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(squareMetres / 10_000)
  const pyeong = number.format(squareMetres / 3.305785)
  return language() === 'ko' ? `${pyeong}평 (${hectares}ha)` : `${hectares} ha (${pyeong} pyeong)`
}

/** day writes a day in Seoul: "11월 24일 (화)". Another year's day says its year. */
export function day(time: string | Date): string {
  const at = new Date(time)
  const year = (d: Date) => new Intl.DateTimeFormat('en', { timeZone: seoul, year: 'numeric' }).format(d)
  return new Intl.DateTimeFormat(locale(), {
    timeZone: seoul, month: language() === 'ko' ? 'long' : 'short', day: 'numeric', weekday: 'short', ...(year(at) === year(new Date()) ? {} : { year: 'numeric' }),
  }).format(at)
}

/** moment writes a day and the time of day in Seoul. */
export function moment(time: string | Date): string {
  return `${day(time)} ${clock(time)}`
}

/** clock writes the time of day in Seoul. */
export function clock(time: string | Date): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: seoul, hour: 'numeric', minute: '2-digit' }).format(new Date(time))
}

/** ago says how long ago something was, in the largest unit that fits. */
export function ago(time: string | Date, now = Date.now()): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1000)
  const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]]
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  return format.format(0, 'second')
}

/** phone groups a Korean number as people read it: "010-1234-5678". */
export function phone(number: string): string {
  const digits = number.replace(/^\+82/, '0').replace(/\D/g, '')
  return digits.replace(/^(02|0\d{2})(\d{3,4})(\d{4})$/, '$1-$2-$3')
}

/** minutes writes a length of film: "3:05". */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
