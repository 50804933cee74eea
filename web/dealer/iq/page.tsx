import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Disclosure, DisclosurePanel, Heading, Button as AriaButton } from 'react-aria-components'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { clock, count, day } from '@kit/i18n/format'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { Pages } from '@kit/parts/pages'
import { Empty, Failed, Loading, Shown } from '@kit/parts/states'
import { session } from '@kit/session'
import { useStore } from '@kit/store'
import { useSent } from '@kit/outbox/sent'
import { graphql } from '../graphql'
import { type Step, stepFields, StepList } from '../home/steps'
import { byDay, over, signed } from './days'
import styles from './iq.module.css'

const Query = graphql(`
  query MyIQ($id: ID!) {
    dealer(id: $id) { id iq { season { key start end } points vested pending standing { rank of tiedWith movement toNext } } }
    nextBestPoints { points steps { ...Step } capsReached { explanation until rule { key title } } }
  }
`, [stepFields])

/** MyIQ is the season's points: how they came about, one by one, and the shortest way to ten more. */
export function MyIQ() {
  const { t } = useTranslation()
  const dealerId = useStore(session)?.dealerId ?? ''
  const [result, refresh] = useQuery({ query: Query, variables: { id: dealerId } })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  return (
    <div className="stack" data-gap="3">
      <div className="row" data-apart="">
        <h1>{t('places.iq')}</h1>
        <div className="row" data-gap="1" data-noprint="">
          <Button kind="quiet" onPress={() => window.print()}>{t('kit:print')}</Button>
          <Link to="/board" className="button"><Icon name="trophy" />{t('iq.board')}</Link>
          <Link to="/iq/rules" className="button"><Icon name="deal" />{t('iq.rules')}</Link>
        </div>
      </div>
      <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })} loading={<Loading lines={2} height="10rem" />}>
        {({ dealer, nextBestPoints }) => (
          <>
            {dealer?.iq && <Season iq={dealer.iq} />}
            <Best steps={nextBestPoints.steps} points={nextBestPoints.points} caps={nextBestPoints.capsReached} />
          </>
        )}
      </Shown>
      <section className="stack">
        <h2>{t('iq.entries')}</h2>
        <Pages page={(after, follow) => <Entries after={after} follow={follow} />} />
      </section>
    </div>
  )
}

type IQ = NonNullable<NonNullable<ResultOf<typeof Query>['dealer']>['iq']>

function Season({ iq }: { iq: IQ }) {
  const { t } = useTranslation()
  const share = iq.points > 0 ? Math.round((Math.max(0, iq.vested) / iq.points) * 100) : 0
  return (
    <section className={`card ${styles.season}`} aria-label={t('iq.season', { season: iq.season.key })}>
      <div>
        <p className="soft">{t('iq.season', { season: iq.season.key })}</p>
        <p><span className="figure">{count(iq.points)}</span> {t('iq.unit')}</p>
      </div>
      <div className="end">
        <p className="large"><strong>{iq.standing.rank === null ? t('banner.unranked') : t('iq.rank', { rank: count(iq.standing.rank), of: count(iq.standing.of) })}</strong></p>
        {iq.standing.toNext > 0 && <p className="soft">{t('banner.toNext', { points: count(iq.standing.toNext) })}</p>}
      </div>
      <div className={styles.whole}>
        <div className={styles.bar} role="img" aria-label={t('iq.shares', { vested: count(iq.vested), pending: count(iq.pending) })}><i style={{ width: `${share}%` }} /></div>
        <dl className={styles.legend}>
          <div><dt><i data-vested="" aria-hidden="true" />{t('iq.vested')}</dt><dd>{count(iq.vested)}</dd></div>
          <div><dt><i aria-hidden="true" />{t('iq.pending')}</dt><dd>{count(iq.pending)}</dd></div>
        </dl>
        <p className="soft small">{t('iq.pendingHint')}</p>
      </div>
    </section>
  )
}

type Caps = ResultOf<typeof Query>['nextBestPoints']['capsReached']

function Best({ steps, points, caps }: { steps: Step[]; points: number; caps: Caps }) {
  const { t } = useTranslation()
  return (
    <section className="stack" data-noprint="">
      <h2>{points > 0 ? t('iq.best', { points: count(points) }) : t('steps.title')}</h2>
      {steps.length > 0 ? <StepList steps={steps} /> : <Empty icon="check" title={t('steps.none')}>{t('steps.noneHint')}</Empty>}
      {caps.length > 0 && (
        <div className="card stack" data-tone="sky" data-gap="1">
          <h3>{t('iq.caps')}</h3>
          <ul className="stack" data-gap="1">{caps.map((c) => <li key={(c.rule?.key ?? '') + c.until}>{c.rule && <strong>{c.rule.title}: </strong>}{c.explanation}</li>)}</ul>
        </div>
      )}
    </section>
  )
}

const EntriesQuery = graphql(`
  query IqEntries($after: String) {
    iqEntries(first: 30, after: $after) {
      totalCount
      nodes { id kind points vestsAt postedAt explanation review rule { key version title } act { id kind occurredAt } }
      pageInfo { endCursor hasNextPage }
    }
  }
`)

type Entry = ResultOf<typeof EntriesQuery>['iqEntries']['nodes'][number]

function Entries({ after, follow }: { after: string | null; follow: (end: string | null) => ReactNode }) {
  const { t } = useTranslation()
  const [result, refresh] = useQuery({ query: EntriesQuery, variables: { after } })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  if (!result.data) return result.fetching ? <Loading lines={6} /> : <Failed error={result.error} onRetry={() => refresh({ requestPolicy: 'network-only' })} />
  const { nodes, pageInfo } = result.data.iqEntries
  if (nodes.length === 0) return <Empty icon="star" title={t('iq.empty')}>{t('iq.emptyHint')}</Empty>
  return (
    <>
      {byDay(nodes, (e) => e.act.occurredAt).map((d) => (
        <section key={d.key} className="stack" data-gap="1">
          <div className="row" data-apart="">
            <h3>{day(d.rows[0]!.act.occurredAt)}</h3>
            <span className="soft">{t('iq.daySum', { points: signed(d.rows.reduce((n, e) => n + e.points, 0)) })}</span>
          </div>
          <ul className="list">{d.rows.map((e) => <li key={e.id}><Explained entry={e} /></li>)}</ul>
        </section>
      ))}
      {follow(pageInfo.hasNextPage ? pageInfo.endCursor : null)}
    </>
  )
}

/** Explained is one entry: its points and why at a glance, the rest at a touch. */
function Explained({ entry: e }: { entry: Entry }) {
  const { t } = useTranslation()
  return (
    <Disclosure className={styles.entry}>
      <Heading level={4}>
        <AriaButton slot="trigger" className={styles.trigger}>
          <span className={styles.points} data-tone={e.points > 0 ? 'field' : e.points < 0 ? 'brick' : undefined}>{signed(e.points)}</span>
          <span className="grow">
            <strong>{e.rule.title}</strong>
            <span className={styles.line}>{e.explanation}</span>
          </span>
          <Icon name="open" />
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <dl className={styles.facts}>
          <div><dt>{t('iq.when')}</dt><dd>{day(e.act.occurredAt)} {clock(e.act.occurredAt)}</dd></div>
          <div><dt>{t('iq.vests')}</dt><dd>{over(e.vestsAt) ? t('iq.vestedNow') : t('iq.vestsOn', { day: day(e.vestsAt) })}</dd></div>
          <div><dt>{t('iq.kind')}</dt><dd>{t(`iq.kinds.${e.kind}`)}{e.review && ` · ${t('iq.review')}`}</dd></div>
          <div><dt>{t('iq.rule')}</dt><dd><Link to="/iq/rules" hash={e.rule.key}>{t('iq.ruleVersion', { title: e.rule.title, version: e.rule.version })}</Link></dd></div>
        </dl>
      </DisclosurePanel>
    </Disclosure>
  )
}
