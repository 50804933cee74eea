import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { day } from '@kit/i18n/format'
import { useSent } from '@kit/outbox/sent'
import { Icon } from '@kit/parts/icons'
import { Empty, Shown } from '@kit/parts/states'
import { graphql } from '../graphql'
import { dealOf, readContract } from '../links'
import styles from './home.module.css'

/** What a step shows, and where it leads. */
export const stepFields = graphql(`
  fragment Step on NextStep @_unmask { kind subjectId dealId points reason dueAt customer { id name } rule { key title } }
`)

export type Step = ResultOf<typeof stepFields>

const Query = graphql(`query NextSteps { nextSteps(first: 3) { ...Step } }`, [stepFields])

/** placeOf is where a step is done. */
export function placeOf(step: Pick<Step, 'kind' | 'subjectId' | 'dealId'>): string {
  switch (step.kind) {
    case 'SIGN_CONTRACT':
      return step.dealId ? readContract(step.dealId, step.subjectId) : `/contracts/${step.subjectId}`
    case 'REQUEST_DELIVERY':
      return `/contracts/${step.subjectId}`
    case 'FOLLOW_UP_QUOTE':
      return `/quotes/${step.subjectId}`
    case 'FILL_FARM':
      return `/customers/${step.subjectId}/edit`
    default:
      return dealOf(step.dealId ?? step.subjectId)
  }
}

/** NextSteps are the three acts that would earn most today. */
export function NextSteps() {
  const { t } = useTranslation()
  const [result, refresh] = useQuery({ query: Query })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  return (
    <section className="stack" data-gap="1">
      <h2>{t('steps.title')}</h2>
      <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
        {({ nextSteps }) => (nextSteps.length === 0 ? <Empty icon="check" title={t('steps.none')}>{t('steps.noneHint')}</Empty> : <StepList steps={nextSteps} />)}
      </Shown>
    </section>
  )
}

/** StepList shows steps with what each would earn. */
export function StepList({ steps }: { steps: Step[] }) {
  const { t } = useTranslation()
  return (
    <ol className="list">
      {steps.map((s) => (
        <li key={s.kind + s.subjectId}>
          <Link to={placeOf(s)} className={styles.step}>
            <span className={styles.gain}>{t('steps.points', { points: s.points })}</span>
            <span>
              <span className={styles.what}>{t(`steps.kind.${s.kind}`, { name: s.customer.name })}</span>
              <span className={styles.why}>{s.reason}{s.dueAt && ` · ${t('steps.until', { day: day(s.dueAt) })}`}</span>
            </span>
            <Icon name="next" />
          </Link>
        </li>
      ))}
    </ol>
  )
}
