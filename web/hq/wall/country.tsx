import { count, manwon, percent } from '@kit/i18n/format'
import { CountryMap } from '@kit/map/map'
import { Shown } from '@kit/parts/states'
import type { ResultOf } from '@kit/graphql'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useQuery, useSubscription } from 'urql'
import { graphql } from '../graphql'
import { Fresh } from './fresh'
import styles from './wall.module.css'

const fields = graphql(`
  fragment CountryNow on Country @_unmask {
    asOf
    total { machines amount amountLastYear }
    regions { region { code name nameEn } machines amount amountLastYear }
  }
`)

const Query = graphql(`query WallCountry { country { ...CountryNow } }`, [fields])
const Changed = graphql(`subscription WallCountryChanged { countryChanged { ...CountryNow } }`, [fields])

type Sales = ResultOf<typeof fields>['total']

/** Country is where this season's machines were sold, as a map and as a list of the same, against the same span a year before; it moves live. */
export function Country() {
  const { t, i18n } = useTranslation()
  const [result, again] = useQuery({ query: Query })
  const [live] = useSubscription({ query: Changed })
  return (
    <section className="card stack" aria-labelledby="country">
      <h2 id="country">{t('wall.country')}</h2>
      <Shown result={result} retry={() => again({ requestPolicy: 'network-only' })}>
        {(data) => {
          const now = live.data?.countryChanged ?? data.country
          const areas = now.regions.flatMap(({ region: r, ...sales }) =>
            r ? [{ code: r.code, name: i18n.language === 'en' ? r.nameEn : r.name, value: sales.amount || null, said: sold(t, sales) }] : [],
          )
          const busy = areas.filter((a) => a.value).sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
          return (
            <>
              <p className="large"><strong>{sold(t, now.total)}</strong> <span className="soft">{against(t, now.total)}</span></p>
              <div className={styles.country}>
                <CountryMap label={t('wall.mapLabel')} level="region" areas={areas} />
                <ol className={styles.provinces}>
                  {busy.map((a) => <li key={a.code}><span>{a.name}</span><strong>{a.said}</strong></li>)}
                  {busy.length === 0 && <li className="soft">{t('wall.none')}</li>}
                </ol>
              </div>
              <p className="end"><Fresh answer={now} stale={result.stale && !result.fetching} /></p>
            </>
          )
        }}
      </Shown>
    </section>
  )
}

function sold(t: TFunction, s: Sales): string {
  return t('wall.sold', { amount: manwon(s.amount), machines: count(s.machines) })
}

/** against sets sales beside those of the same span a year before. */
function against(t: TFunction, s: Sales): string {
  if (s.amountLastYear === 0) return t('wall.noLastYear')
  return t('wall.lastYearAmount', { amount: manwon(s.amountLastYear), share: percent(Math.round((1_000 * s.amount) / s.amountLastYear) * 10) })
}
