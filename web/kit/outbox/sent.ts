import { useEffect, useRef } from 'react'
import { items } from './outbox'

/** useSent calls back each time an item of the outbox has reached the server, so that a screen can read anew. */
export function useSent(callback: () => void) {
  const latest = useRef(callback)
  useEffect(() => {
    latest.current = callback
  })
  useEffect(() => {
    const sent = () => items.get().reduce((n, i) => n + (i.state === 'sent' ? 1 : 0), 0)
    let before = sent()
    return items.watch(() => {
      const now = sent()
      if (now > before) latest.current()
      before = now
    })
  }, [])
}
