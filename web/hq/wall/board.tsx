import { count } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { Icon } from '@kit/parts/icons'
import { Shown } from '@kit/parts/states'
import { Link } from '@tanstack/react-router'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useSubscription } from 'urql'
import { graphql } from '../graphql'
import { Fresh } from './fresh'
import styles from './wall.module.css'

const fields = graphql(`
  fragment WallStanding on Standing @_unmask {
    rank points movement
    dealer { id name region { code name nameEn } }
  }
`)

const Query = graphql(`query WallBoard { leaderboard(scope: NATION) { version size stale standings(first: 10) { nodes { ...WallStanding } } } }`, [fields])
const Changed = graphql(`subscription WallBoardChanged { leaderboardChanged(scope: NATION) { version size stale moved { dealer { id } } top(first: 10) { ...WallStanding } } }`, [fields])

type Row = ResultOf<typeof fields>

/** Board is the nation's leaderboard; a dealer who passes another slides past. */
export function Board({ onMove }: { onMove: () => void }) {
  const { t } = useTranslation()
  const [result, retry] = useQuery({ query: Query })
  const [live] = useSubscription({ query: Changed }, (before: unknown, now: ResultOf<typeof Changed>) => {
    if (before) onMove()
    return now
  })
  const change = live.data?.leaderboardChanged
  return (
    <section className="card stack" aria-labelledby="board">
      <div className="row" data-apart="">
        <h2 id="board">{t('wall.board')}</h2>
        <Fresh answer={change ?? result.data} stale={change?.stale} />
      </div>
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {(data) => <Places rows={change?.top ?? data.leaderboard.standings.nodes} moved={new Set(change?.moved.map((m) => m.dealer.id))} />}
      </Shown>
    </section>
  )
}

function Places({ rows, moved }: { rows: Row[]; moved: Set<string> }) {
  const { t, i18n } = useTranslation()
  const list = useSlide(rows.map((r) => r.dealer.id).join())
  return (
    <ol className={styles.places} ref={list} data-testid="board">
      {rows.map((r) => (
        <li key={r.dealer.id} data-id={r.dealer.id} data-moved={moved.has(r.dealer.id) || undefined}>
          <span className={styles.rank}>{r.rank === null ? '–' : count(r.rank)}</span>
          <Link to={`/dealers/${r.dealer.id}`} className={styles.name}>
            {r.dealer.name} <span className="small soft">{i18n.language === 'en' ? r.dealer.region.nameEn : r.dealer.region.name}</span>
          </Link>
          <Movement by={r.movement} />
          <strong className={styles.points}>{t('wall.points', { points: count(r.points) })}</strong>
        </li>
      ))}
    </ol>
  )
}

function Movement({ by }: { by: number | null }) {
  const { t } = useTranslation()
  if (!by) return <span />
  return (
    <span className="badge" data-tone={by > 0 ? 'field' : 'brick'}>
      <Icon name={by > 0 ? 'up' : 'down'} />
      <span className="hidden">{t(by > 0 ? 'wall.rose' : 'wall.fell')}</span> {count(Math.abs(by))}
    </span>
  )
}

/** useSlide lets the items of a list slide from where they were whenever order changes. */
function useSlide(order: string) {
  const list = useRef<HTMLOListElement>(null)
  const before = useRef(new Map<string, number>())
  useLayoutEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const now = new Map<string, number>()
    for (const item of list.current?.children ?? []) {
      const { id } = (item as HTMLElement).dataset
      if (!id) continue
      const top = (item as HTMLElement).offsetTop
      const old = before.current.get(id)
      now.set(id, top)
      if (!still && old !== undefined && old !== top) item.animate([{ transform: `translateY(${old - top}px)` }, { transform: 'none' }], { duration: 250, easing: 'ease-out' })
    }
    before.current = now
  }, [order])
  return list
}
