import { moment } from '@kit/i18n/format'
import { Empty, Shown } from '@kit/parts/states'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { Back } from '../parts'
import styles from './story.module.css'

const Query = graphql(`
  query DealStory($dealId: ID!) {
    consultation(id: $dealId) { id status dealer { id name } customer { id name } staffName openedAt quotes { id status } }
    dealTimeline(dealId: $dealId, first: 100) { nodes { id occurredAt kind summary actor } }
  }
`)

const steps = ['consultation', 'quote', 'contract', 'shipment'] as const

/** Story tells a deal from the first talk to the delivery, the newest first, and how far it has come. */
export function Story() {
  const { t } = useTranslation()
  const { dealId } = useParams({ from: '/deals/$dealId' })
  const [result, retry] = useQuery({ query: Query, variables: { dealId } })
  return (
    <div className="stack" data-gap="3">
      <Back to="/">{t('places.needs')}</Back>
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ consultation: c, dealTimeline: { nodes } }) => {
          if (nodes.length === 0 && !c) return <Empty title={t('story.gone')} />
          const reached = new Set(nodes.map((n) => n.kind.split('.')[0]))
          const waiting = c?.quotes.find((q) => q.status === 'AWAITING_APPROVAL')
          return (
            <>
              <div className="stack" data-gap="1">
                <h1>{c ? t('story.title', { customer: c.customer.name }) : t('story.untitled')}</h1>
                {c && <p className="soft"><Link to="/dealers/$dealerId" params={{ dealerId: c.dealer.id }}>{c.dealer.name}</Link> · {c.staffName}</p>}
              </div>
              {waiting && <Link className="button" data-kind="primary" to="/approvals/$quoteId" params={{ quoteId: waiting.id }}>{t('story.decide')}</Link>}
              <ol className={styles.steps} aria-label={t('story.steps')}>
                {steps.map((s) => <li key={s} data-reached={reached.has(s) || undefined}>{t(`story.step.${s}`)}<span className="hidden"> {t(reached.has(s) ? 'story.reached' : 'story.notYet')}</span></li>)}
              </ol>
              <ol className={styles.line}>
                {nodes.map((n) => <li key={n.id}><p>{n.summary}</p><p className="soft small">{[moment(n.occurredAt), n.actor].filter(Boolean).join(' · ')}</p></li>)}
              </ol>
            </>
          )
        }}
      </Shown>
    </div>
  )
}
