import { ago, count } from '@kit/i18n/format'
import { Icon } from '@kit/parts/icons'
import { Shown } from '@kit/parts/states'
import type { ResultOf } from '@kit/graphql'
import { useTranslation } from 'react-i18next'
import { useQuery, useSubscription } from 'urql'
import { graphql } from '../graphql'
import styles from './banner.module.css'

const fields = graphql(`
  fragment Banner on RankBanner @_unmask {
    rank of points tiedWith movement toNext version stale
    season { key }
    dealer { id name }
    cause { points explanation at rule { key version title } }
  }
`)

const Query = graphql(`query RankBanner { rankBanner { ...Banner } }`, [fields])
const Changed = graphql(`subscription RankBannerChanged { rankBannerChanged { ...Banner } }`, [fields])

type Banner = ResultOf<typeof fields>

/** RankBanner is what greets the dealer: place, movement, why, and what is missing to the next place; it moves live. */
export function RankBanner() {
  const [result, retry] = useQuery({ query: Query })
  const [live] = useSubscription({ query: Changed })
  const banner = live.data?.rankBannerChanged
  return (
    <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })} loading={<div className="shape" style={{ height: '13rem' }} />}>
      {(data) => <Face banner={banner ?? data.rankBanner} />}
    </Shown>
  )
}

function Face({ banner: b }: { banner: Banner }) {
  const { t } = useTranslation()
  return (
    <section className={styles.banner} aria-label={t('banner.label')} data-testid="rank-banner">
      <div>
        <p className={styles.place}>
          {b.rank === null ? t('banner.unranked') : <>{t('banner.place')} <strong data-testid="rank">{t('banner.rank', { rank: count(b.rank) })}</strong></>}
          <span className={styles.of}>{t('banner.of', { of: count(b.of) })}{b.tiedWith > 0 && ` · ${t('banner.tied', { others: count(b.tiedWith) })}`}</span>
        </p>
        <Movement by={b.movement} />
      </div>
      <div className={styles.points}>
        <span className="figure" data-testid="points">{count(b.points)}</span>
        <span>{t('banner.points')}</span>
      </div>
      <p className={styles.next}>{b.rank === 1 ? t('banner.first') : t('banner.toNext', { points: count(b.toNext) })}</p>
      {b.cause && (
        <p className={styles.cause}>
          <strong>{t('banner.cause', { points: (b.cause.points > 0 ? '+' : '') + count(b.cause.points), rule: b.cause.rule.title })}</strong>
          <span>{b.cause.explanation} · {ago(b.cause.at)}</span>
        </p>
      )}
      {b.stale && <p className="badge" data-tone="amber">{t('banner.stale')}</p>}
    </section>
  )
}

function Movement({ by }: { by: number | null }) {
  const { t } = useTranslation()
  if (by === null) return null
  if (by === 0) return <p className={styles.movement}>{t('banner.same')}</p>
  return (
    <p className={styles.movement}>
      <Icon name={by > 0 ? 'up' : 'down'} /> {t(by > 0 ? 'banner.rose' : 'banner.fell', { places: count(Math.abs(by)) })}
    </p>
  )
}
