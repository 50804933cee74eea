import { ago, count } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { TextField } from '@kit/parts/controls'
import { Empty, Shown } from '@kit/parts/states'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { Movement } from '../parts'
import styles from './dealers.module.css'

const Query = graphql(`
  query MyDealers {
    dealers(filter: { mine: true }, first: 100) {
      totalCount
      nodes {
        id name district { code name } region { code } territory { id name }
        iq { points standing { rank of movement } }
        deals { openConsultations quotesWaiting contractsThisMonth lastActAt }
      }
    }
  }
`)

export type MyDealer = ResultOf<typeof Query>['dealers']['nodes'][number]

const TerritoryMap = lazy(() => import('./territorymap'))

/** Dealers lists the dealers whom the rep looks after, the best place first, with a map of them. */
export function Dealers() {
  const { t } = useTranslation()
  const [result, retry] = useQuery({ query: Query })
  const [search, setSearch] = useState('')
  return (
    <div className="stack" data-gap="3">
      <h1>{t('dealers.title')}</h1>
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ dealers }) => {
          const all = [...dealers.nodes].sort((a, b) => (a.iq?.standing.rank ?? Infinity) - (b.iq?.standing.rank ?? Infinity) || a.name.localeCompare(b.name, 'ko'))
          const shown = all.filter((d) => d.name.includes(search.trim()))
          if (all.length === 0) return <Empty icon="map" title={t('dealers.empty')}>{t('dealers.emptyHint')}</Empty>
          return (
            <div className={styles.both}>
              <Suspense fallback={<div className="shape" style={{ height: '20rem' }} />}><TerritoryMap dealers={all} /></Suspense>
              <div className="stack">
                {all.length > 8 && <TextField label={t('dealers.search')} value={search} onChange={setSearch} />}
                <ul className="list">{shown.map((d) => <li key={d.id}><Line dealer={d} /></li>)}</ul>
              </div>
            </div>
          )
        }}
      </Shown>
    </div>
  )
}

function Line({ dealer: d }: { dealer: MyDealer }) {
  const { t } = useTranslation()
  const standing = d.iq?.standing
  return (
    <Link className="listrow" to="/dealers/$dealerId" params={{ dealerId: d.id }}>
      <span>
        <strong>{d.name}</strong>
        <span className={styles.facts}>
          {d.district && <span>{d.district.name}</span>}
          {d.deals && <span>{t('dealers.open', { n: count(d.deals.openConsultations) })}</span>}
          {d.deals && <span>{t('dealers.contracts', { n: count(d.deals.contractsThisMonth) })}</span>}
          <span>{d.deals?.lastActAt ? t('dealers.last', { ago: ago(d.deals.lastActAt) }) : t('dealers.quiet')}</span>
        </span>
      </span>
      <span className={styles.place}>
        <strong>{standing?.rank ? t('rank.rank', { rank: count(standing.rank) }) : t('rank.none')}</strong>
        <span className="soft small">{t('rank.points', { points: count(d.iq?.points ?? 0) })}</span>
        <Movement by={standing?.movement ?? null} />
      </span>
    </Link>
  )
}
