import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { items } from '@kit/outbox/outbox'
import { Button } from '@kit/parts/controls'
import { useStore } from '@kit/store'
import { type Deal, type Step, steps } from './draft'
import styles from './deal.module.css'

export type StepProps = { id: string; deal: Deal; change: (part: Partial<Deal>) => void; go: (step: Step) => void }

/** useGo moves a deal on to a step; where it stands is kept, so that it can be taken up there again. */
export function useGo(id: string, change: (part: Partial<Deal>) => void) {
  const navigate = useNavigate()
  return (step: Step) => {
    change({ step })
    void navigate({ to: '/deal/$deal/$step', params: { deal: id, step } })
  }
}

/** StepFrame is what every step has: whose deal it is, how far it has come, and one act at the thumb. */
export function StepFrame({ id, step, deal, title, lead, children, act, second, done }: { id: string; step: Step; deal: Deal; title: string; lead?: string; children: ReactNode; act?: ReactNode; second?: ReactNode; done?: boolean }) {
  const { t } = useTranslation()
  const at = steps.indexOf(step)
  return (
    <div className={`stack ${styles.page}`} data-gap="3">
      <div className="stack" data-gap="1">
        <div className="row" data-apart="">
          <p className="soft"><strong>{deal.customerName}</strong> · {t('deal.step', { at: at + 1, of: steps.length })}</p>
          {at > 0 && !done && (
            <Link to="/deal/$deal/$step" params={{ deal: id, step: steps[at - 1]! }} className="button" data-kind="quiet">{t('kit:back')}</Link>
          )}
        </div>
        <div className={styles.track} role="progressbar" aria-label={t('deal.progress')} aria-valuemin={1} aria-valuemax={steps.length} aria-valuenow={at + 1}>
          {steps.map((s, i) => <span key={s} data-on={i <= at || undefined} />)}
        </div>
        <h1>{title}</h1>
        {lead && <p className="soft">{lead}</p>}
      </div>
      <Trouble id={id} />
      {children}
      {(act || second) && (
        <div className={styles.foot} data-noprint="">
          {second}
          <div className="grow">{act}</div>
        </div>
      )}
    </div>
  )
}

/** Onward is the one primary act of a step. */
export function Onward({ children, onPress, off }: { children: ReactNode; onPress: () => void; off?: boolean }) {
  return <Button kind="primary" large wide isDisabled={off} onPress={onPress}>{children}</Button>
}

/** Trouble says what of this deal the server didn't take, and leads to where it is mended. */
function Trouble({ id }: { id: string }) {
  const { t } = useTranslation()
  const stuck = useStore(items).filter((i) => i.chain === id && (i.state === 'refused' || i.state === 'conflict'))
  if (stuck.length === 0) return null
  return (
    <div className="card stack" data-gap="1" data-tone="brick" role="alert">
      {stuck.map((i) => <p key={i.key}><strong>{t(`kit:${i.label}`)}</strong> · {i.problems?.map((p) => p.message).join(' ')}</p>)}
      <p><Link to="/outbox" className="button">{t('deal.mend')}</Link></p>
    </div>
  )
}

/** useItem is the newest act of a kind in a deal that this device did, as far as it has come. */
export function useItem(id: string, ...fields: string[]) {
  return useStore(items).filter((i) => i.chain === id && fields.includes(i.field)).at(-1)
}
