import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { type AnyVariables, type TypedDocumentNode, useQuery } from 'urql'
import { ago, day, manwon } from '@kit/i18n/format'
import { useSent } from '@kit/outbox/sent'
import { Icon, type IconName } from '@kit/parts/icons'
import { Pages } from '@kit/parts/pages'
import { Empty, Failed, Loading } from '@kit/parts/states'
import { graphql } from '../graphql'
import { dealOf, newDeal } from '../links'
import { type Kind, kinds } from './kinds'
import { tones } from './tones'

const Talks = graphql(`
  query Talks($after: String) {
    consultations(first: 25, after: $after) { nodes { id status openedAt customer { id name } staffName needs { purpose } quotes { id } } pageInfo { endCursor hasNextPage } }
  }
`)
const Quotes = graphql(`
  query Quotes($after: String) {
    quotes(first: 25, after: $after) { nodes { id number status total issuedAt validUntil followedAt customer { id name } lines { productName } } pageInfo { endCursor hasNextPage } }
  }
`)
const Contracts = graphql(`
  query Contracts($after: String) {
    contracts(first: 25, after: $after) { nodes { id number status channel total draftedAt signedAt customer { id name } product { id name } } pageInfo { endCursor hasNextPage } }
  }
`)
const Finance = graphql(`
  query Applications($after: String) {
    financeApplications(first: 25, after: $after) { nodes { id status amount months submittedAt lender { id name } customer { id name } stipulations { id status } } pageInfo { endCursor hasNextPage } }
  }
`)
const Shipments = graphql(`
  query Shipments($after: String) {
    shipments(first: 25, after: $after) { nodes { id status wantedOn contractNumber carrier { id name } contract { id customer { id name } } machines { productName quantity } } pageInfo { endCursor hasNextPage } }
  }
`)

/** Deals are the talks, quotes, contracts, applications and deliveries of the dealership, each with where it stands. */
export function Deals() {
  const { t } = useTranslation()
  const { kind } = useSearch({ from: '/deals' })
  const navigate = useNavigate()
  return (
    <div className="stack">
      <div className="row" data-apart="">
        <h1>{t('places.deals')}</h1>
        <Link to={newDeal()} className="button" data-kind="primary"><Icon name="plus" />{t('home.begin')}</Link>
      </div>
      <ToggleButtonGroup className="segments" aria-label={t('deals.kinds')} selectionMode="single" disallowEmptySelection selectedKeys={[kind]} onSelectionChange={([k]) => k && void navigate({ to: '/deals', search: { kind: k as Kind }, replace: true })}>
        {kinds.map((k) => <ToggleButton key={k} id={k} className="segment">{t(`deals.kind.${k}`)}</ToggleButton>)}
      </ToggleButtonGroup>
      <Chosen key={kind} kind={kind} />
    </div>
  )
}

function Chosen({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  switch (kind) {
    case 'talks':
      return (
        <Listed query={Talks} of={(d) => d.consultations} kind={kind} row={(c) => (
          <Row key={c.id} to={dealOf(c.id)} title={c.customer.name} note={[c.needs.purpose, day(c.openedAt), c.staffName].filter(Boolean).join(' · ')} badge={t(`kit:status.consultation.${c.status}`)} tone={tones[c.status]} />
        )} />
      )
    case 'quotes':
      return (
        <Listed query={Quotes} of={(d) => d.quotes} kind={kind} row={(q) => (
          <Row key={q.id} to={`/quotes/${q.id}`} title={`${q.customer.name} · ${q.lines[0]?.productName ?? ''}`} note={[manwon(q.total), q.status === 'ISSUED' ? t('deals.validUntil', { day: day(q.validUntil) }) : day(q.issuedAt), q.followedAt && t('deals.followed', { ago: ago(q.followedAt) })].filter(Boolean).join(' · ')} badge={t(`kit:status.quote.${q.status}`)} tone={tones[q.status]} />
        )} />
      )
    case 'contracts':
      return (
        <Listed query={Contracts} of={(d) => d.contracts} kind={kind} row={(c) => (
          <Row key={c.id} to={`/contracts/${c.id}`} title={`${c.customer.name} · ${c.product.name}`} note={[manwon(c.total), day(c.signedAt ?? c.draftedAt), c.channel === 'PAPER' && t('kit:status.channel.PAPER'), c.number].filter(Boolean).join(' · ')} badge={t(`kit:status.contract.${c.status}`)} tone={tones[c.status]} />
        )} />
      )
    case 'finance':
      return (
        <Listed query={Finance} of={(d) => d.financeApplications} kind={kind} row={(a) => {
          const wanted = a.stipulations.filter((s) => s.status === 'WANTED').length
          return <Row key={a.id} to={`/finance/${a.id}`} title={`${a.customer.name} · ${a.lender.name}`} note={[manwon(a.amount), t('deals.months', { months: a.months }), day(a.submittedAt)].join(' · ')} badge={wanted > 0 ? t('deals.wanted', { wanted }) : t(`kit:status.application.${a.status}`)} tone={wanted > 0 ? 'amber' : tones[a.status]} />
        }} />
      )
    case 'shipments':
      return (
        <Listed query={Shipments} of={(d) => d.shipments} kind={kind} row={(s) => (
          <Row key={s.id} to={`/shipments/${s.id}`} title={[s.contract?.customer.name, s.machines[0]?.productName].filter(Boolean).join(' · ')} note={[t('deals.wantedOn', { day: day(`${s.wantedOn}T00:00:00+09:00`) }), s.carrier.name].join(' · ')} badge={t(`kit:status.shipment.${s.status}`)} tone={tones[s.status]} />
        )} />
      )
  }
}

const icons: Record<Kind, IconName> = { talks: 'people', quotes: 'pen', contracts: 'deal', finance: 'bank', shipments: 'truck' }

type Connection<Node> = { nodes: Node[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
type Props<Data, Node> = { query: TypedDocumentNode<Data, { after?: string | null }>; of: (data: Data) => Connection<Node>; kind: Kind; row: (node: Node) => ReactNode }

function Listed<Data, Node>(props: Props<Data, Node>) {
  return <Pages page={(after, follow) => <ListedPage {...props} after={after} follow={follow} />} />
}

function ListedPage<Data, Node>({ query, of, kind, row, after, follow }: Props<Data, Node> & { after: string | null; follow: (end: string | null) => ReactNode }) {
  const { t } = useTranslation()
  const [result, refresh] = useQuery<Data, AnyVariables>({ query: query as TypedDocumentNode<Data, AnyVariables>, variables: { after } })
  const again = () => refresh({ requestPolicy: 'network-only' })
  useSent(again)
  if (!result.data) return result.fetching ? <Loading lines={6} /> : <Failed error={result.error} onRetry={again} />
  const { nodes, pageInfo } = of(result.data)
  if (nodes.length === 0) return <Empty icon={icons[kind]} title={t(`deals.empty.${kind}`)}>{t('deals.emptyHint')}</Empty>
  return (
    <>
      <ul className="list">{nodes.map(row)}</ul>
      {follow(pageInfo.hasNextPage ? pageInfo.endCursor : null)}
    </>
  )
}

function Row({ to, title, note, badge, tone }: { to: string; title: string; note: string; badge: string; tone?: string }) {
  return (
    <li>
      <Link to={to} className="listrow">
        <span>
          <strong>{title}</strong>
          <span className="soft small" style={{ display: 'block' }}>{note}</span>
        </span>
        <span className="badge" data-tone={tone}>{badge}</span>
        <Icon name="next" />
      </Link>
    </li>
  )
}
