import { ago, count, day, manwon, phone } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { Icon } from '@kit/parts/icons'
import { Empty, Shown } from '@kit/parts/states'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { Back, Movement } from '../parts'
import { Visits } from './visits'
import styles from './dealers.module.css'

const Query = graphql(`
  query DealerOfMine($id: ID!) {
    dealer(id: $id) {
      id name phone ownerName district { name } territory { name }
      iq { points vested pending standing { rank of movement toNext } entries(first: 5) { nodes { id points explanation postedAt } } }
      deals { openConsultations quotesWaiting contractsThisMonth lastActAt }
    }
    consultations(filter: { dealerId: $id, status: OPEN }, first: 10) { nodes { id openedAt staffName customer { id name } } totalCount }
    contracts(filter: { dealerId: $id }, first: 5) { nodes { id number status total signedAt draftedAt customer { id name } quote { id consultation { id } } } totalCount }
  }
`)

type Data = ResultOf<typeof Query>
type Dealer = NonNullable<Data['dealer']>

/** DealerPage is one dealer as the rep needs it: place, what goes on, visits, and the phone. */
export function DealerPage() {
  const { t } = useTranslation()
  const { dealerId } = useParams({ from: '/dealers/$dealerId' })
  const [result, retry] = useQuery({ query: Query, variables: { id: dealerId } })
  return (
    <div className="stack" data-gap="3">
      <Back to="/dealers">{t('places.dealers')}</Back>
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {(data) => (data.dealer ? <Face dealer={data.dealer} data={data} /> : <Empty title={t('dealer.gone')} />)}
      </Shown>
    </div>
  )
}

function Face({ dealer: d, data }: { dealer: Dealer; data: Data }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="row" data-apart="">
        <div>
          <h1>{d.name}</h1>
          <p className="soft">{[d.ownerName, d.district?.name, d.territory.name].filter(Boolean).join(' · ')}</p>
        </div>
        {d.phone && <a className="button" data-kind="primary" href={`tel:${d.phone.replace(/[^\d+]/g, '')}`}><Icon name="phone" /> {t('dealer.call', { phone: phone(d.phone) })}</a>}
      </div>
      <Figures dealer={d} />
      <Visits dealerId={d.id} dealerName={d.name} />
      <section className="stack" data-gap="1" aria-labelledby="open">
        <h2 id="open">{t('dealer.open')} <span className="soft">{count(data.consultations.totalCount)}</span></h2>
        {data.consultations.nodes.length === 0 ? <p className="card soft">{t('dealer.noOpen')}</p> : (
          <ul className="list">
            {data.consultations.nodes.map((c) => (
              <li key={c.id}><Link className="listrow" to="/deals/$dealId" params={{ dealId: c.id }}><span><strong>{c.customer.name}</strong> <span className="soft small">{c.staffName}</span></span><span className="soft small">{ago(c.openedAt)}</span><Icon name="next" /></Link></li>
            ))}
          </ul>
        )}
      </section>
      <section className="stack" data-gap="1" aria-labelledby="contracts">
        <h2 id="contracts">{t('dealer.contracts')} <span className="soft">{count(data.contracts.totalCount)}</span></h2>
        {data.contracts.nodes.length === 0 ? <p className="card soft">{t('dealer.noContracts')}</p> : (
          <ul className="list">{data.contracts.nodes.map((c) => <li key={c.id}><ContractLine contract={c} /></li>)}</ul>
        )}
      </section>
      <Why dealer={d} />
    </>
  )
}

function Figures({ dealer: d }: { dealer: Dealer }) {
  const { t } = useTranslation()
  const s = d.iq?.standing
  return (
    <dl className={styles.figures}>
      <div><dd>{s?.rank ? t('rank.rank', { rank: count(s.rank) }) : t('rank.none')} <Movement by={s?.movement ?? null} /></dd><dt>{t('dealer.place', { of: count(s?.of ?? 0) })}</dt></div>
      <div><dd>{count(d.iq?.points ?? 0)}</dd><dt>{t('dealer.points', { pending: count(d.iq?.pending ?? 0) })}</dt></div>
      {d.deals && <div><dd>{count(d.deals.quotesWaiting)}</dd><dt>{t('dealer.waiting')}</dt></div>}
      {d.deals && <div><dd>{count(d.deals.contractsThisMonth)}</dd><dt>{t('dealer.month')}</dt></div>}
    </dl>
  )
}

function ContractLine({ contract: c }: { contract: Data['contracts']['nodes'][number] }) {
  const { t } = useTranslation()
  const dealId = c.quote?.consultation?.id ?? c.quote?.id
  const inside = (
    <>
      <span><strong>{c.customer.name}</strong><span className={styles.facts}><span>{c.number}</span><span>{day(c.signedAt ?? c.draftedAt)}</span></span></span>
      <span className={styles.place}><strong>{manwon(c.total)}</strong><span className="badge" data-tone={c.status === 'SIGNED' ? 'field' : c.status === 'DRAFT' ? 'sky' : 'amber'}>{t(`contract.${c.status}`)}</span></span>
    </>
  )
  return dealId ? <Link className="listrow" to="/deals/$dealId" params={{ dealId }}>{inside}</Link> : <div className="listrow" data-plain="">{inside}</div>
}

function Why({ dealer: d }: { dealer: Dealer }) {
  const { t } = useTranslation()
  if (!d.iq || d.iq.entries.nodes.length === 0) return null
  return (
    <section className="stack" data-gap="1" aria-labelledby="why">
      <h2 id="why">{t('dealer.why')}</h2>
      <ul className="list">
        {d.iq.entries.nodes.map((e) => (
          <li key={e.id} className="listrow" data-plain=""><span>{e.explanation} <span className="soft small">{ago(e.postedAt)}</span></span><strong>{e.points > 0 ? '+' : ''}{count(e.points)}</strong></li>
        ))}
      </ul>
    </section>
  )
}
