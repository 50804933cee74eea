import { count, day, manwon, moment, phone } from '@kit/i18n/format'
import { Empty, Shown } from '@kit/parts/states'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'

const Query = graphql(`
  query DealerPage($id: ID!) {
    dealer(id: $id) {
      id name ownerName phone openedOn
      region { code name nameEn } territory { id name repName }
      staff { id name role }
      iq {
        season { key } points vested pending standing { rank of toNext movement }
        entries(first: 20) { nodes { id points postedAt explanation review rule { key version title } } }
      }
    }
    contracts(filter: { dealerId: $id, status: SIGNED }, first: 10) { totalCount nodes { id number signedAt total customer { id name } product { id name } } }
  }
`)

/** DealerPage is one dealer: place, what the points came from, and the newest contracts. */
export function DealerPage() {
  const { t, i18n } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const [result, retry] = useQuery({ query: Query, variables: { id } })
  return (
    <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
      {({ dealer, contracts }) =>
        dealer === null ? <Empty title={t('dealer.gone')} /> : (
          <div className="stack" data-gap="3">
            <div className="stack" data-gap="1">
              <h1>{dealer.name}</h1>
              <p className="soft">{[i18n.language === 'en' ? dealer.region.nameEn : dealer.region.name, dealer.territory.name, dealer.territory.repName].filter(Boolean).join(' · ')}</p>
              <p>{dealer.ownerName} · <a href={`tel:${dealer.phone}`}>{phone(dealer.phone)}</a> · {t('dealer.since', { day: day(dealer.openedOn) })}</p>
            </div>
            {dealer.iq && (
              <dl className="grid" style={{ '--column': '11rem' } as React.CSSProperties}>
                <Fact name={t('dealers.rank')} value={dealer.iq.standing.rank === null ? '–' : t('dealer.rankOf', { rank: count(dealer.iq.standing.rank), of: count(dealer.iq.standing.of) })} />
                <Fact name={t('dealers.points')} value={count(dealer.iq.points)} />
                <Fact name={t('dealer.pending')} value={count(dealer.iq.pending)} />
                <Fact name={t('dealer.toNext')} value={count(dealer.iq.standing.toNext)} />
              </dl>
            )}
            <section className="stack" aria-labelledby="entries">
              <h2 id="entries">{t('dealer.entries')}</h2>
              <ul className="list">
                {dealer.iq?.entries.nodes.map((e) => (
                  <li key={e.id} className="listrow" data-plain="">
                    <div>
                      <p><strong>{e.rule.title}</strong> {e.review && <span className="badge" data-tone="amber">{t('dealer.review')}</span>}</p>
                      <p>{e.explanation}</p>
                      <p className="small soft">{moment(e.postedAt)}</p>
                    </div>
                    <strong className="large">{e.points > 0 ? '+' : ''}{count(e.points)}</strong>
                  </li>
                ))}
                {!dealer.iq?.entries.nodes.length && <li className="listrow" data-plain=""><p className="soft">{t('dealer.noEntries')}</p></li>}
              </ul>
            </section>
            <section className="stack" aria-labelledby="signed">
              <h2 id="signed">{t('dealer.contracts', { n: count(contracts.totalCount) })}</h2>
              <ul className="list">
                {contracts.nodes.map((c) => (
                  <li key={c.id} className="listrow" data-plain="">
                    <div><p><strong>{c.customer.name}</strong> · {c.product.name}</p><p className="small soft">{c.number} · {c.signedAt && moment(c.signedAt)}</p></div>
                    <strong>{manwon(c.total)}</strong>
                  </li>
                ))}
                {contracts.nodes.length === 0 && <li className="listrow" data-plain=""><p className="soft">{t('dealer.noContracts')}</p></li>}
              </ul>
            </section>
            <section className="stack" aria-labelledby="staff">
              <h2 id="staff">{t('dealer.staff')}</h2>
              <ul className="list">{dealer.staff.map((s) => <li key={s.id} className="listrow" data-plain=""><span>{s.name}</span><span className="badge">{t(`role.${s.role}`)}</span></li>)}</ul>
            </section>
          </div>
        )
      }
    </Shown>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return <div className="card"><dt>{name}</dt><dd className="figure">{value}</dd></div>
}
