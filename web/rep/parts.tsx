import { count } from '@kit/i18n/format'
import { Icon } from '@kit/parts/icons'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** Back leads to the screen above. */
export function Back({ to, children }: { to: '/' | '/dealers'; children: ReactNode }) {
  return <p data-noprint=""><Link to={to} className="button"><Icon name="back" /> {children}</Link></p>
}

/** Movement says how many places a dealer rose or fell; not by its colour alone. */
export function Movement({ by }: { by: number | null }) {
  const { t } = useTranslation()
  if (!by) return null
  return (
    <span className="badge" data-tone={by > 0 ? 'field' : 'amber'}>
      <Icon name={by > 0 ? 'up' : 'down'} />
      <span className="hidden">{t(by > 0 ? 'rank.rose' : 'rank.fell', { places: count(Math.abs(by)) })}</span>
      <span aria-hidden="true">{count(Math.abs(by))}</span>
    </span>
  )
}
