import { count } from '@kit/i18n/format'
import { CountryMap } from '@kit/map/map'
import { Shown } from '@kit/parts/states'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { monthStart } from './days'
import styles from './wall.module.css'

const Query = graphql(`
  query WallCountry($from: DateTime!) {
    regions { code name nameEn }
    r11: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "11" }, first: 1) { totalCount }
    r26: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "26" }, first: 1) { totalCount }
    r27: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "27" }, first: 1) { totalCount }
    r28: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "28" }, first: 1) { totalCount }
    r29: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "29" }, first: 1) { totalCount }
    r30: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "30" }, first: 1) { totalCount }
    r31: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "31" }, first: 1) { totalCount }
    r36: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "36" }, first: 1) { totalCount }
    r41: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "41" }, first: 1) { totalCount }
    r43: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "43" }, first: 1) { totalCount }
    r44: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "44" }, first: 1) { totalCount }
    r46: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "46" }, first: 1) { totalCount }
    r47: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "47" }, first: 1) { totalCount }
    r48: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "48" }, first: 1) { totalCount }
    r50: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "50" }, first: 1) { totalCount }
    r51: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "51" }, first: 1) { totalCount }
    r52: contracts(filter: { status: SIGNED, signedFrom: $from, regionCode: "52" }, first: 1) { totalCount }
  }
`)

/** Country is where this month's contracts were signed, as a map and as a list of the same. */
export function Country({ moved }: { moved: number }) {
  const { t, i18n } = useTranslation()
  const variables = useMemo(() => ({ from: monthStart() }), [])
  const [result, again] = useQuery({ query: Query, variables })
  useEffect(() => {
    if (moved > 0) again({ requestPolicy: 'network-only' })
  }, [moved, again])
  return (
    <section className="card stack" aria-labelledby="country">
      <h2 id="country">{t('wall.country')}</h2>
      <Shown result={result} retry={() => again({ requestPolicy: 'network-only' })}>
        {({ regions, ...counted }) => {
          const counts = counted as unknown as Record<string, { totalCount: number } | undefined>
          const areas = regions.map((r) => {
            const n = counts[`r${r.code}`]?.totalCount ?? null
            return { code: r.code, name: i18n.language === 'en' ? r.nameEn : r.name, value: n || null, said: n === null ? '–' : t('wall.contracts', { n: count(n) }) }
          })
          const busy = areas.filter((a) => a.value).sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
          return (
            <div className={styles.country}>
              <CountryMap label={t('wall.mapLabel')} level="region" areas={areas} />
              <ol className="stack" data-gap="1">
                {busy.map((a) => <li key={a.code} className="row" data-apart=""><span>{a.name}</span><strong>{a.said}</strong></li>)}
                {busy.length === 0 && <li className="soft">{t('wall.none')}</li>}
              </ol>
            </div>
          )
        }}
      </Shown>
    </section>
  )
}
