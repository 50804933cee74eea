import { getChoseong } from 'es-hangul'

/** The filter that the server understands for what somebody typed. */
export function filterOf(typed: string): { search?: string; phone?: string; mail?: string } | null {
  const text = typed.trim()
  if (text === '') return null
  if (text.includes('@')) return { mail: text }
  const digits = text.replace(/[\s-]/g, '')
  if (/^\+?\d{9,}$/.test(digits)) return { phone: digits }
  return { search: text }
}

/** matches tells whether a customer that is known here answers to what was typed: by name, initial consonants or part of the phone number. */
export function matches(customer: { name: string; phone: string }, typed: string): boolean {
  const text = typed.trim()
  if (text === '') return true
  const digits = text.replace(/[\s-]/g, '')
  if (/^\d{3,}$/.test(digits)) return customer.phone.replace(/\D/g, '').includes(digits)
  if (/^[ㄱ-ㅎ]+$/.test(text)) return getChoseong(customer.name).includes(text)
  return customer.name.toLowerCase().includes(text.toLowerCase())
}
