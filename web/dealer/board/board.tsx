import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useQuery, useSubscription } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { count } from '@kit/i18n/format'
import { Icon } from '@kit/parts/icons'
import { Empty, Loading, Shown } from '@kit/parts/states'
import { session } from '@kit/session'
import { useStore } from '@kit/store'
import { graphql } from '../graphql'
import { slide } from './slide'
import styles from './board.module.css'

const standing = graphql(`fragment BoardStanding on Standing @_unmask { dealer { id name district { code name } } rank points tiedWith movement }`)

const Query = graphql(`
  query Board($scope: BoardScope!) {
    leaderboard(scope: $scope) {
      scope key version size stale season { key }
      standings(first: 20) { nodes { ...BoardStanding } }
      aroundDealer(span: 5) { ...BoardStanding }
    }
  }
`, [standing])

const Changed = graphql(`subscription BoardChanged($scope: BoardScope!, $key: String) { leaderboardChanged(scope: $scope, key: $key) { version stale } }`)

const circles = ['NATION', 'REGION', 'DIVISION', 'AROUND'] as const
type Circle = (typeof circles)[number]
type Row = ResultOf<typeof standing>

/** Board is the leaderboard, live: a dealer who passes another slides past. */
export function Board() {
  const { t } = useTranslation()
  const [circle, setCircle] = useState<Circle>('NATION')
  return (
    <div className="stack">
      <h1>{t('board.title')}</h1>
      <ToggleButtonGroup className="segments" aria-label={t('board.circle')} selectionMode="single" disallowEmptySelection selectedKeys={[circle]} onSelectionChange={([k]) => k && setCircle(k as Circle)}>
        {circles.map((c) => <ToggleButton key={c} id={c} className="segment">{t(`board.circles.${c}`)}</ToggleButton>)}
      </ToggleButtonGroup>
      <Circled key={circle} circle={circle} />
    </div>
  )
}

function Circled({ circle }: { circle: Circle }) {
  const { t } = useTranslation()
  const scope = circle === 'AROUND' ? 'NATION' : circle
  const [result, refresh] = useQuery({ query: Query, variables: { scope } })
  const key = result.data?.leaderboard.key
  const [{ data: change }] = useSubscription({ query: Changed, variables: { scope, key: key || null }, pause: key === undefined })
  const seen = result.data?.leaderboard.version
  const heard = change?.leaderboardChanged.version
  useLayoutEffect(() => {
    if (heard !== undefined && seen !== undefined && Number(heard) > Number(seen)) refresh({ requestPolicy: 'network-only' })
  }, [heard, seen, refresh])
  return (
    <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })} loading={<Loading lines={8} />}>
      {({ leaderboard: b }) => {
        const rows = circle === 'AROUND' ? b.aroundDealer : b.standings.nodes
        return (
          <>
            <p className="soft">{t('board.about', { season: b.season.key, size: count(b.size) })} {b.stale && <span className="badge" data-tone="amber">{t('banner.stale')}</span>}</p>
            {rows.length === 0 ? <Empty icon="trophy" title={t('board.empty')}>{t('board.emptyHint')}</Empty> : <Rows rows={rows} own={circle === 'AROUND' ? [] : b.aroundDealer} />}
          </>
        )
      }}
    </Shown>
  )
}

/** Rows are the places; where the own one lies below them, it follows after a gap. */
function Rows({ rows, own }: { rows: Row[]; own: Row[] }) {
  const { t } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  const places = useRef(new Map<string, number>())
  const me = useStore(session)?.dealerId
  useLayoutEffect(() => {
    if (list.current) places.current = slide(list.current, places.current)
  }, [rows])
  const below = rows.some((r) => r.dealer.id === me) ? [] : own.filter((r) => !rows.some((x) => x.dealer.id === r.dealer.id))
  return (
    <>
      <ol className={`list ${styles.rows}`} ref={list}>{rows.map((r) => <Place key={r.dealer.id} row={r} mine={r.dealer.id === me} />)}</ol>
      {below.length > 0 && (
        <>
          <h2>{t('board.circles.AROUND')}</h2>
          <ol className="list">{below.map((r) => <Place key={r.dealer.id} row={r} mine={r.dealer.id === me} />)}</ol>
        </>
      )}
    </>
  )
}

function Place({ row: r, mine }: { row: Row; mine: boolean }) {
  const { t } = useTranslation()
  return (
    <li className={styles.place} data-dealer={r.dealer.id} data-mine={mine || undefined}>
      <span className={styles.rank} data-best={r.rank !== null && r.rank <= 3 ? r.rank : undefined}>{r.rank === null ? '–' : count(r.rank)}</span>
      <span className="grow">
        <strong>{r.dealer.name}</strong> {mine && <span className="badge" data-tone="field">{t('board.us')}</span>}
        {r.dealer.district && <span className={styles.line}>{r.dealer.district.name}</span>}
      </span>
      {r.movement ? (
        <span className={styles.movement} data-tone={r.movement > 0 ? 'field' : 'brick'}>
          <Icon name={r.movement > 0 ? 'up' : 'down'} /><span className="hidden">{t(r.movement > 0 ? 'board.up' : 'board.down')}</span>{count(Math.abs(r.movement))}
        </span>
      ) : null}
      <strong className={styles.points}>{t('board.points', { points: count(r.points) })}</strong>
    </li>
  )
}
