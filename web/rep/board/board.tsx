import { count } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { Choices } from '@kit/parts/controls'
import { Empty, Shown } from '@kit/parts/states'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useSubscription } from 'urql'
import { graphql } from '../graphql'
import { Movement } from '../parts'
import styles from './board.module.css'

const Mine = graphql(`query Territories { dealers(filter: { mine: true }, first: 100) { nodes { id territory { id name } } } }`)

const Query = graphql(`
  query Board($scope: BoardScope!, $key: String) {
    leaderboard(scope: $scope, key: $key) { scope key version size stale standings(first: 100) { nodes { rank points movement tiedWith dealer { id name district { name } } } } }
  }
`)

const Changed = graphql(`subscription BoardChanged($scope: BoardScope!, $key: String) { leaderboardChanged(scope: $scope, key: $key) { version } }`)

type Row = ResultOf<typeof Query>['leaderboard']['standings']['nodes'][number]

/** Board shows who stands where, in each of the rep's territories or in the nation; it moves live. */
export function Board() {
  const { t } = useTranslation()
  const [mine, retry] = useQuery({ query: Mine })
  const [chosen, setChosen] = useState('')
  return (
    <div className="stack" data-gap="3">
      <h1>{t('board.title')}</h1>
      <Shown result={mine} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ dealers: { nodes } }) => {
          const territories = [...new Map(nodes.map((d) => [d.territory.id, d.territory.name]))]
          const circle = chosen || territories[0]?.[0] || 'nation'
          return (
            <>
              <Choices label={t('board.circle')} choices={[...territories.map(([key, label]) => ({ key, label })), { key: 'nation', label: t('board.nation') }]} chosen={[circle]} onChange={([c]) => c && setChosen(c)} />
              <Standings key={circle} circle={circle} mine={new Set(nodes.map((d) => d.id))} />
            </>
          )
        }}
      </Shown>
    </div>
  )
}

function Standings({ circle, mine }: { circle: string; mine: Set<string> }) {
  const { t } = useTranslation()
  const variables = circle === 'nation' ? { scope: 'NATION' as const } : { scope: 'TERRITORY' as const, key: circle }
  const [result, retry] = useQuery({ query: Query, variables })
  const [live] = useSubscription({ query: Changed, variables })
  const version = live.data?.leaderboardChanged.version
  useEffect(() => {
    if (version !== undefined) retry({ requestPolicy: 'network-only' })
  }, [version, retry])
  return (
    <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
      {({ leaderboard: b }) => (
        <>
          {b.stale && <p className="badge" data-tone="amber">{t('board.stale')}</p>}
          {b.standings.nodes.length === 0 ? <Empty icon="trophy" title={t('board.empty')} /> : (
            <ol className="list">{b.standings.nodes.map((s) => <li key={s.dealer.id} data-mine={mine.has(s.dealer.id) || undefined} className={styles.line}><Line row={s} mine={mine.has(s.dealer.id)} /></li>)}</ol>
          )}
        </>
      )}
    </Shown>
  )
}

function Line({ row, mine }: { row: Row; mine: boolean }) {
  const { t } = useTranslation()
  const inside = (
    <>
      <span className={styles.name}>
        <strong className={styles.rank}>{row.rank ? count(row.rank) : '–'}</strong>
        <span><strong>{row.dealer.name}</strong> {row.dealer.district && <span className="soft small">{row.dealer.district.name}</span>}</span>
      </span>
      <Movement by={row.movement} />
      <strong>{t('rank.points', { points: count(row.points) })}</strong>
    </>
  )
  return mine ? <Link className="listrow" to="/dealers/$dealerId" params={{ dealerId: row.dealer.id }}>{inside}</Link> : <div className="listrow" data-plain="">{inside}</div>
}
