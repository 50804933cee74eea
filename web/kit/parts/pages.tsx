import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './controls'

/**
 * Pages shows a list page after page. Each page reads its own rows and puts
 * follow(endCursor) where the next one begins; it comes by itself when it is near.
 */
export function Pages({ page: Page }: { page: (after: string | null, follow: (endCursor: string | null | undefined) => ReactNode) => ReactNode }) {
  const [cursors, setCursors] = useState<(string | null)[]>([null])
  return cursors.map((after, i) => (
    <div key={after ?? ''} className="pagepart">
      {Page(after, (end) => (i === cursors.length - 1 && end ? <Follow onReach={() => setCursors((c) => (c.includes(end) ? c : [...c, end]))} /> : null))}
    </div>
  ))
}

/** Follow asks for the next page when it comes into sight, or is touched. */
function Follow({ onReach }: { onReach: () => void }) {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(onReach)
  useEffect(() => {
    latest.current = onReach
  })
  useEffect(() => {
    if (!place.current || !('IntersectionObserver' in window)) return
    const seen = new IntersectionObserver((e) => e.some((x) => x.isIntersecting) && latest.current(), { rootMargin: '600px' })
    seen.observe(place.current)
    return () => seen.disconnect()
  }, [])
  return (
    <div ref={place} style={{ paddingBlock: 'var(--s2)', textAlign: 'center' }}>
      <Button onPress={onReach}>{t('kit:more')}</Button>
    </div>
  )
}
