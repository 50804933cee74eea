/**
 * uuidv7 makes a UUID of version 7: 48 bits of time in milliseconds, then chance.
 * RFC 9562, section 5.7.
 */
export function uuidv7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** deviceId is this browser's own name, made once and kept. */
export function deviceId(): string {
  const kept = localStorage.getItem('dure.device')
  if (kept) return kept
  const made = uuidv7()
  localStorage.setItem('dure.device', made)
  return made
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** madeId makes the id of a new thing on the device, as the server would: prefix, underscore, a UUIDv7 in 26 characters of Crockford's base 32. */
export function madeId(prefix: string, uuid = uuidv7()): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let text = ''
  for (let i = 0; i < 26; i++) {
    text = alphabet[Number(rest & 31n)]! + text
    rest >>= 5n
  }
  return `${prefix}_${text}`
}
