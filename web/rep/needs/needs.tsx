import { ago } from '@kit/i18n/format'
import { Icon, type IconName } from '@kit/parts/icons'
import { Empty, Shown } from '@kit/parts/states'
import type { ResultOf } from '@kit/graphql'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import styles from './needs.module.css'

const Query = graphql(`
  query Needs {
    attention(first: 100) { kind subjectId dealId since reason dealer { id name } customer { id name } }
  }
`)

type Need = ResultOf<typeof Query>['attention'][number]

const looks: Record<Need['kind'], { icon: IconName; tone: string }> = {
  APPROVAL_WANTED: { icon: 'deal', tone: 'brick' },
  FALLING_RANK: { icon: 'down', tone: 'amber' },
  STALLED_DEAL: { icon: 'clock', tone: 'sky' },
}

/** Needs is what needs the rep now, the most urgent first; each line leads to where it is done. */
export function Needs() {
  const { t } = useTranslation()
  const [result, retry] = useQuery({ query: Query })
  return (
    <div className="stack" data-gap="3">
      <h1>{t('needs.title')}</h1>
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ attention }) =>
          attention.length === 0 ? (
            <Empty icon="check" title={t('needs.empty')} action={<Link to="/dealers" className="button">{t('places.dealers')}</Link>}>{t('needs.emptyHint')}</Empty>
          ) : (
            (['APPROVAL_WANTED', 'FALLING_RANK', 'STALLED_DEAL'] as const).map((kind) => <Kind key={kind} kind={kind} needs={attention.filter((a) => a.kind === kind)} />)
          )
        }
      </Shown>
    </div>
  )
}

function Kind({ kind, needs }: { kind: Need['kind']; needs: Need[] }) {
  const { t } = useTranslation()
  if (needs.length === 0) return null
  return (
    <section className="stack" data-gap="1" aria-labelledby={kind}>
      <h2 id={kind} className="row" data-gap="1">
        {t(`needs.${kind}`)} <span className="badge" data-tone={looks[kind].tone}>{needs.length}</span>
      </h2>
      <ul className="list">{needs.map((n) => <li key={n.subjectId}><Line need={n} /></li>)}</ul>
    </section>
  )
}

function Line({ need: n }: { need: Need }) {
  const inside = (
    <>
      <span className={styles.icon} data-tone={looks[n.kind].tone}><Icon name={looks[n.kind].icon} /></span>
      <span className="grow">
        <strong>{n.customer ? `${n.customer.name} · ${n.dealer.name}` : n.dealer.name}</strong>
        <span className={styles.reason}>{n.reason}</span>
        {n.kind === 'APPROVAL_WANTED' && <span className="soft small">{ago(n.since)}</span>}
      </span>
      <Icon name="next" />
    </>
  )
  const look = `listrow ${styles.line}`
  if (n.kind === 'APPROVAL_WANTED') return <Link className={look} to="/approvals/$quoteId" params={{ quoteId: n.subjectId }}>{inside}</Link>
  if (n.kind === 'STALLED_DEAL') return <Link className={look} to="/deals/$dealId" params={{ dealId: n.dealId ?? n.subjectId }}>{inside}</Link>
  return <Link className={look} to="/dealers/$dealerId" params={{ dealerId: n.dealer.id }}>{inside}</Link>
}
