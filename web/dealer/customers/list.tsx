import { Link } from '@tanstack/react-router'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { VariablesOf } from '@kit/graphql'
import { cropName } from '@kit/farm'
import { area, count, phone } from '@kit/i18n/format'
import { online } from '@kit/online'
import { items } from '@kit/outbox/outbox'
import { useSent } from '@kit/outbox/sent'
import { Icon } from '@kit/parts/icons'
import { Pages } from '@kit/parts/pages'
import { Empty, Failed, Loading } from '@kit/parts/states'
import { useStore } from '@kit/store'
import { graphql } from '../graphql'
import { CustomersOnDevice } from './operations'
import { pendingCustomers } from './pending'
import { filterOf, matches } from './search'
import styles from './customers.module.css'

const Query = graphql(`
  query Customers($filter: CustomerFilter, $after: String) {
    customers(filter: $filter, first: 30, after: $after) {
      totalCount
      nodes { id name phone district { code name } farm { crops squareMetres } }
      pageInfo { endCursor hasNextPage }
    }
  }
`)

type Filter = VariablesOf<typeof Query>['filter']
type Row = { id: string; name: string; phone: string; district: { name: string } | null; farm: { crops: string[]; squareMetres: number } }

/** CustomerList finds a customer by name, initial consonants or phone number; those not sent yet come first. */
export function CustomerList() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const text = useDeferredValue(typed)
  return (
    <div className="stack">
      <div className="row" data-apart="">
        <h1>{t('customers.title')}</h1>
        <Link to="/customers/new" className="button" data-kind="primary"><Icon name="plus" />{t('customers.add')}</Link>
      </div>
      <label className={styles.search}>
        <Icon name="search" />
        <span className="hidden">{t('customers.search')}</span>
        <input className="input" type="search" value={typed} placeholder={t('customers.searchHint')} onChange={(e) => setTyped(e.target.value)} enterKeyHint="search" />
      </label>
      <People text={text} key={text} />
    </div>
  )
}

/** People shows the customers that answer to text. */
export function People({ text, to, action }: { text: string; to?: (id: string) => string; action?: ReactNode }) {
  const waiting = pendingCustomers(useStore(items)).filter((p) => matches(p, text))
  const filter = filterOf(text)
  return (
    <>
      {waiting.length > 0 && (
        <ul className="list">
          {waiting.map((p) => <Person key={p.id} to={to} row={{ ...p, district: null, farm: { crops: [], squareMetres: 0 } }} waiting />)}
        </ul>
      )}
      <Pages page={(after, follow) => <Page filter={filter} text={text} after={after} to={to} none={waiting.length === 0 ? action : undefined} follow={follow} />} />
    </>
  )
}

function Page({ filter, text, after, follow, to, none }: { filter: Filter; text: string; after: string | null; follow: (end: string | null) => ReactNode; to?: (id: string) => string; none?: ReactNode }) {
  const { t } = useTranslation()
  const [result, refresh] = useQuery({ query: Query, variables: { filter, after } })
  const connected = useStore(online)
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  if (!result.data && !connected) return <Kept text={text} to={to} />
  if (!result.data) return result.fetching ? <Loading lines={6} height="4.5rem" /> : <Failed error={result.error} onRetry={() => refresh({ requestPolicy: 'network-only' })} />
  const { nodes, totalCount, pageInfo } = result.data.customers
  if (nodes.length === 0) return <Nobody text={text}>{none}</Nobody>
  return (
    <>
      {after === null && <p className="soft small" role="status">{t('customers.found', { count: totalCount, shown: count(totalCount) })}</p>}
      <ul className="list">{nodes.map((c) => <Person key={c.id} row={c} to={to} />)}</ul>
      {follow(pageInfo.hasNextPage ? pageInfo.endCursor : null)}
    </>
  )
}

/** Kept searches what the device still knows while there is no network. */
function Kept({ text, to }: { text: string; to?: (id: string) => string }) {
  const { t } = useTranslation()
  const [result] = useQuery({ query: CustomersOnDevice, requestPolicy: 'cache-only' })
  const found = result.data?.customers.nodes.filter((c) => matches(c, text)) ?? []
  if (found.length === 0) return <Empty icon="offline" title={t('customers.offlineNone')}>{t('customers.offlineHint')}</Empty>
  return (
    <>
      <p className="soft small" role="status">{t('customers.offlineHint')}</p>
      <ul className="list">{found.map((c) => <Person key={c.id} row={c} to={to} />)}</ul>
    </>
  )
}

function Nobody({ text, children }: { text: string; children?: ReactNode }) {
  const { t } = useTranslation()
  return text.trim() === '' ? (
    <Empty icon="people" title={t('customers.empty')} action={children}>{t('customers.emptyHint')}</Empty>
  ) : (
    <Empty icon="search" title={t('customers.none', { text })} action={children}>{t('customers.noneHint')}</Empty>
  )
}

function Person({ row: c, waiting, to }: { row: Row; waiting?: boolean; to?: (id: string) => string }) {
  const { t } = useTranslation()
  const farm = [c.district?.name, c.farm.crops.map(cropName).join('·'), c.farm.squareMetres > 0 ? area(c.farm.squareMetres) : ''].filter(Boolean).join(' · ')
  return (
    <li>
      <Link to={to ? to(c.id) : `/customers/${c.id}`} className="listrow">
        <span>
          <strong className="large">{c.name}</strong>
          <span className={styles.line}>{[phone(c.phone), farm].filter(Boolean).join(' · ') || t('customers.nothingKnown')}</span>
        </span>
        {waiting && <span className="badge" data-tone="amber"><Icon name="cloud" />{t('customers.unsent')}</span>}
        <Icon name="next" />
      </Link>
    </li>
  )
}
