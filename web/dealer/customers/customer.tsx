import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { cropName } from '@kit/farm'
import { area, count, day, manwon, moment, phone } from '@kit/i18n/format'
import { language } from '@kit/i18n'
import type { ResultOf } from '@kit/graphql'
import { items } from '@kit/outbox/outbox'
import { useSent } from '@kit/outbox/sent'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { Pages } from '@kit/parts/pages'
import { Empty, Shown } from '@kit/parts/states'
import { useStore } from '@kit/store'
import { graphql } from '../graphql'
import { dealOf, newDeal } from '../links'
import { Consents } from './consents'
import { type customerFields, CustomerQuery } from './operations'
import { pendingCustomers, pendingEdits, withEdits } from './pending'
import styles from './customers.module.css'

type Detail = ResultOf<typeof customerFields>

/** CustomerPage is all that is known of a customer: how to reach them, their farm, what happened, their deals. */
export function CustomerPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/customers/$id' })
  const [result, refresh] = useQuery({ query: CustomerQuery, variables: { id } })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  const waiting = pendingCustomers(useStore(items)).find((p) => p.id === id)
  const edits = pendingEdits(useStore(items), id)
  if (waiting && !result.data?.customer) return <NotSent name={waiting.name} number={waiting.phone} id={id} />
  return (
    <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
      {({ customer }) => (customer ? <Known customer={withEdits(customer, edits)} unsent={edits.length} /> : <Empty icon="people" title={t('customers.gone')}>{t('customers.goneHint')}</Empty>)}
    </Shown>
  )
}

/** NotSent is somebody who is on this device alone so far; a talk with them may begin all the same. */
function NotSent({ name, number, id }: { name: string; number: string; id: string }) {
  const { t } = useTranslation()
  return (
    <div className="stack">
      <h1>{name}</h1>
      <p className="soft">{phone(number)}</p>
      <p className="card" data-tone="amber">{t('customers.unsentHint')}</p>
      <Link to={newDeal(id)} className="button" data-kind="primary" data-large="">{t('customers.talk')}</Link>
    </div>
  )
}

function Known({ customer: c, unsent }: { customer: Detail; unsent: number }) {
  const { t } = useTranslation()
  const agreed = c.consents.some((x) => x.purpose === 'PERSONAL_DATA' && x.action === 'GRANTED')
  const place = [language() === 'ko' ? c.region.name : c.region.nameEn, c.district?.name].filter(Boolean).join(' ')
  const where = c.address.startsWith(c.region.name) ? c.address : [place, c.address].filter(Boolean).join(' ')
  return (
    <div className="stack" data-gap="3">
      <header className="stack" data-gap="1">
        <div className="row" data-apart="">
          <h1>{c.name} {c.kind === 'FIRM' && <span className="badge">{t('form.aFirm')}</span>}</h1>
          <div className="row" data-gap="1" data-noprint="">
            <Button kind="quiet" onPress={() => window.print()}>{t('kit:print')}</Button>
            <Link to="/customers/$id/edit" params={{ id: c.id }} className="button"><Icon name="pen" />{t('customers.change')}</Link>
          </div>
        </div>
        <p className="soft">{where}</p>
        {unsent > 0 && <p><span className="badge" data-tone="amber"><Icon name="cloud" />{t('customers.editUnsent')}</span></p>}
        <div className="row" data-noprint="">
          {agreed ? (
            <Link to={newDeal(c.id)} className="button" data-kind="primary" data-large=""><Icon name="deal" />{t('customers.talk')}</Link>
          ) : (
            <p className="card" data-tone="amber">{t('consent.firstNeeded')}</p>
          )}
          {c.phone && <a href={`tel:${c.phone}`} className="button" data-large=""><Icon name="phone" />{phone(c.phone)}</a>}
        </div>
      </header>
      <div className={styles.columns}>
        <div className="stack" data-gap="3">
          <FarmCard customer={c} />
          <Deals customerId={c.id} />
          <Consents customer={c} />
        </div>
        <Timeline customerId={c.id} />
      </div>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children || <span className="soft">{t('kit:unknown')}</span>}</dd>
    </div>
  )
}

function FarmCard({ customer: c }: { customer: Detail }) {
  const { t } = useTranslation()
  const f = c.farm
  return (
    <section className={`card ${styles.part}`}>
      <div className="row" data-apart=""><h2>{t('form.farm')}</h2><span className="soft small">{t('form.filled', { filled: f.filled })}</span></div>
      <div className={styles.bar} aria-hidden="true">{Array.from({ length: 8 }, (_, i) => <i key={i} data-on={i < f.filled || undefined} />)}</div>
      <dl className={styles.facts}>
        <Fact name={t('form.area')}>{f.squareMetres > 0 && area(f.squareMetres)}</Fact>
        <Fact name={t('form.crops')}>{f.crops.map(cropName).join(', ')}</Fact>
        <Fact name={t('form.terrain')}>{f.terrain && t(`kit:terrain.${f.terrain}`)}</Fact>
        <Fact name={t('form.attachments')}>{f.attachments.join(', ')}</Fact>
        <Fact name={t('form.household')}>{f.household && t(`kit:household.${f.household}`)}</Fact>
        <Fact name={t('form.operators')}>{f.operators > 0 && t('form.people', { people: f.operators })}</Fact>
        <Fact name={t('form.replaceYear')}>{f.replaceYear > 0 && t('form.inYear', { year: f.replaceYear })}</Fact>
        <Fact name={t('form.birthYear')}>{c.birthYear && t('form.inYear', { year: c.birthYear })}</Fact>
      </dl>
      {f.parcels.length > 1 && <ul className="list">{f.parcels.map((p, i) => <li key={i} className="listrow" data-plain=""><span>{p.name || t('form.parcelNumber', { n: i + 1 })}<span className={styles.line}>{[p.crop && cropName(p.crop), p.terrain && t(`kit:terrain.${p.terrain}`)].filter(Boolean).join(' · ')}</span></span><span>{area(p.squareMetres)}</span></li>)}</ul>}
      <h3>{t('form.machines')}</h3>
      {f.machines.length === 0 ? <p className="soft">{t('form.noMachines')}</p> : (
        <ul className="list">
          {f.machines.map((m, i) => (
            <li key={i} className="listrow" data-plain="">
              <Icon name="tractor" />
              <span className="grow">
                <strong>{m.model.startsWith(m.maker) ? m.model : `${m.maker} ${m.model}`}</strong>
                <span className={styles.line}>{[m.horsepower > 0 && t('form.hp', { hp: m.horsepower }), m.year > 0 && t('form.madeIn', { year: m.year }), m.serialNumber].filter(Boolean).join(' · ')}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const DealsQuery = graphql(`
  query CustomerDeals($id: ID!) {
    consultations(filter: { customerId: $id }, first: 20) { nodes { id status openedAt needs { purpose } } }
    quotes(filter: { customerId: $id }, first: 20) { nodes { id number revision status total issuedAt lines { productName } } }
    contracts(filter: { customerId: $id }, first: 20) { nodes { id number status total draftedAt signedAt product { name } } }
  }
`)

function Deals({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const [result, refresh] = useQuery({ query: DealsQuery, variables: { id: customerId } })
  return (
    <section className={styles.part}>
      <h2>{t('customers.deals')}</h2>
      <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
        {({ consultations, quotes, contracts }) => {
          const open = consultations.nodes.filter((c) => c.status === 'OPEN')
          const offers = quotes.nodes.filter((q) => q.status !== 'SUPERSEDED' && q.status !== 'ACCEPTED')
          if (open.length + offers.length + contracts.nodes.length === 0) return <p className="soft">{t('customers.noDeals')}</p>
          return (
            <ul className="list">
              {open.map((c) => <DealRow key={c.id} to={dealOf(c.id)} title={t('customers.openTalk')} note={day(c.openedAt)} badge={t('kit:status.consultation.OPEN')} tone="sky" />)}
              {contracts.nodes.map((c) => <DealRow key={c.id} to={`/contracts/${c.id}`} title={c.product.name} note={`${c.number} · ${day(c.signedAt ?? c.draftedAt)} · ${manwon(c.total)}`} badge={t(`kit:status.contract.${c.status}`)} tone={c.status === 'SIGNED' ? 'field' : undefined} />)}
              {offers.map((q) => <DealRow key={q.id} to={`/quotes/${q.id}`} title={q.lines[0]?.productName ?? q.number} note={`${q.number} · ${day(q.issuedAt)} · ${manwon(q.total)}`} badge={t(`kit:status.quote.${q.status}`)} />)}
            </ul>
          )
        }}
      </Shown>
    </section>
  )
}

function DealRow({ to, title, note, badge, tone }: { to: string; title: string; note: string; badge: string; tone?: string }) {
  return (
    <li>
      <Link to={to} className="listrow">
        <span><strong>{title}</strong><span className={styles.line}>{note}</span></span>
        <span className="badge" data-tone={tone}>{badge}</span>
        <Icon name="next" />
      </Link>
    </li>
  )
}

const TimelineQuery = graphql(`
  query Timeline($id: ID!, $after: String) {
    customer(id: $id) { id timeline(first: 20, after: $after) { totalCount nodes { id occurredAt kind summary actor } pageInfo { endCursor hasNextPage } } }
  }
`)

function Timeline({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const [more, setMore] = useState(false)
  return (
    <section className={styles.part}>
      <h2>{t('customers.timeline')}</h2>
      <div>
        <Pages page={(after, follow) => (
          <TimelinePage id={customerId} after={after} follow={(end, total) => (more || !end ? follow(end) : <Button wide onPress={() => setMore(true)}>{t('customers.whole', { total: count(total) })}</Button>)} />
        )} />
      </div>
    </section>
  )
}

function TimelinePage({ id, after, follow }: { id: string; after: string | null; follow: (end: string | null, total: number) => ReactNode }) {
  const [result, refresh] = useQuery({ query: TimelineQuery, variables: { id, after } })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  return (
    <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
      {({ customer }) => customer && (
        <>
          <ol className={styles.timeline}>
            {customer.timeline.nodes.map((x) => (
              <li key={x.id}>
                <strong>{x.summary}</strong>
                <span className={styles.line}>{moment(x.occurredAt)}{x.actor && ` · ${x.actor}`}</span>
              </li>
            ))}
          </ol>
          {follow(customer.timeline.pageInfo.hasNextPage ? customer.timeline.pageInfo.endCursor : null, customer.timeline.totalCount)}
        </>
      )}
    </Shown>
  )
}
