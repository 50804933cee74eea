import { store } from './store'

/**
 * Whether the server can be reached, as far as is known: the browser's own word,
 * and what the last request met.
 */
export const online = store(typeof navigator === 'undefined' ? true : navigator.onLine)

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => online.set(true))
  window.addEventListener('offline', () => online.set(false))
}

/** reached notes that a request was answered, or was not for want of a network. */
export function reached(yes: boolean) {
  online.set(yes && navigator.onLine)
}
