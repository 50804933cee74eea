import { count, percent } from '@kit/i18n/format'
import { Shown } from '@kit/parts/states'
import { useEffect, useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { Fresh } from './fresh'
import { periods } from './days'
import styles from './wall.module.css'

const Query = graphql(`
  query WallFigures($today: DateTime!, $month: DateTime!, $lastMonth: DateTime!, $lastNow: DateTime!) {
    today: contracts(filter: { status: SIGNED, signedFrom: $today }, first: 1) { totalCount }
    month: contracts(filter: { status: SIGNED, signedFrom: $month }, first: 1) { totalCount }
    digital: contracts(filter: { status: SIGNED, channel: DIGITAL, signedFrom: $month }, first: 1) { totalCount }
    before: contracts(filter: { status: SIGNED, signedFrom: $lastMonth, signedUntil: $lastNow }, first: 1) { totalCount }
    waiting: quotes(filter: { status: AWAITING_APPROVAL }, first: 1) { totalCount }
  }
`)

/** Figures are the country's contracts: today, this month against the same days a year ago, the share signed on a screen. */
export function Figures({ moved }: { moved: number }) {
  const { t } = useTranslation()
  const [days, setDays] = useState(() => periods())
  const [result, again] = useQuery({ query: Query, variables: days })
  useEffect(() => {
    if (moved > 0) again({ requestPolicy: 'network-only' })
  }, [moved, again])
  useEffect(() => {
    const timer = setInterval(() => setDays(periods()), 60_000) // midnight passes and a wall stays on
    return () => clearInterval(timer)
  }, [])
  return (
    <Shown result={result} retry={() => again({ requestPolicy: 'network-only' })} loading={<div className="shape" style={{ height: '8rem' }} />}>
      {(d) => (
        <section aria-label={t('wall.figures')} className="stack" data-gap="1">
          <dl className={styles.figures}>
            <Figure name={t('wall.today')} value={t('wall.contracts', { n: count(d.today.totalCount) })} />
            <Figure name={t('wall.month')} value={t('wall.contracts', { n: count(d.month.totalCount) })} note={against(t, d.month.totalCount, d.before.totalCount)} testId="signed" />
            <Figure name={t('wall.digital')} value={d.month.totalCount === 0 ? '–' : percent(Math.round((10_000 * d.digital.totalCount) / d.month.totalCount / 10) * 10)} note={t('wall.ofMonth', { n: count(d.digital.totalCount), of: count(d.month.totalCount) })} />
            <Figure name={t('wall.waiting')} value={t('wall.cases', { n: count(d.waiting.totalCount) })} />
          </dl>
          <p className="end"><Fresh answer={d} stale={result.stale && !result.fetching} /></p>
        </section>
      )}
    </Shown>
  )
}

function against(t: TFunction, now: number, before: number): string {
  if (before === 0) return t('wall.noLastYear')
  return t('wall.lastYear', { n: count(before), share: percent(Math.round((10_000 * now) / before / 10) * 10) })
}

function Figure({ name, value, note, testId }: { name: string; value: string; note?: string; testId?: string }) {
  return (
    <div className="card">
      <dt>{name}</dt>
      <dd className="figure" data-testid={testId}>{value}</dd>
      {note && <dd className="small soft">{note}</dd>}
    </div>
  )
}
