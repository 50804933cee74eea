import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CombinedError } from '@urql/core'
import { online } from '../online'
import { useStore } from '../store'
import { Button } from './controls'
import { Icon, type IconName } from './icons'

/** Empty says what will be here and how to begin. */
export function Empty({ icon = 'deal', title, children, action }: { icon?: IconName; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** Loading has the shape of what comes: as many lines as are expected. */
export function Loading({ lines = 3, height = '4rem' }: { lines?: number; height?: string }) {
  const { t } = useTranslation()
  return (
    <div className="stack" role="status" aria-label={t('kit:loading')}>
      {Array.from({ length: lines }, (_, i) => <div key={i} className="shape" style={{ height }} />)}
    </div>
  )
}

/** Failed says what happened, what was kept and what to do. */
export function Failed({ error, onRetry }: { error?: CombinedError; onRetry?: () => void }) {
  const { t } = useTranslation()
  const connected = useStore(online)
  const lost = !connected || Boolean(error?.networkError)
  const said = error?.graphQLErrors[0]
  return (
    <div className="state" role="alert">
      <Icon name={lost ? 'offline' : 'warning'} />
      <h2>{lost ? t('kit:failed.offline') : t('kit:failed.title')}</h2>
      <p>{lost ? t('kit:failed.offlineHint') : (said?.message ?? t('kit:failed.hint'))}</p>
      {onRetry && <Button onPress={onRetry}>{t('kit:failed.retry')}</Button>}
    </div>
  )
}

type Result<T> = { data?: T; fetching: boolean; error?: CombinedError; stale?: boolean }

/**
 * Shown decides what stands for a query: what is known already, even while it is
 * refreshed or the network is away; else the shape of what comes, or the failure.
 */
export function Shown<T>({ result, retry, loading, children }: { result: Result<T>; retry?: () => void; loading?: ReactNode; children: (data: T) => ReactNode }) {
  if (result.data) return <>{children(result.data)}</>
  if (result.fetching) return <>{loading ?? <Loading />}</>
  return <Failed error={result.error} onRetry={retry} />
}
