import { count, day, won } from '@kit/i18n/format'
import { Button, Choices, TextField } from '@kit/parts/controls'
import type { ResultOf } from '@kit/graphql'
import { Empty, Failed, Loading } from '@kit/parts/states'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { graphql } from '../graphql'
import { usePages } from '../pages'
import { csv, download } from '../table/csv'
import { type Column, Table } from '../table/table'
import { DealTabs } from './tabs'

const Query = graphql(`
  query Contracts($filter: ContractFilter, $after: String) {
    contracts(filter: $filter, first: 100, after: $after) {
      nodes { id number status channel signedAt draftedAt total quantity staffName dealer { id name } customer { id name } product { id name } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)

type Row = ResultOf<typeof Query>['contracts']['nodes'][number]
type Channel = 'DIGITAL' | 'PAPER'
type Status = 'DRAFT' | 'SIGNED' | 'CANCELLED'

/** Contracts are the country's contracts since a day, filtered, sorted and downloaded as they are shown. */
export function Contracts() {
  const { t } = useTranslation()
  const [status, setStatus] = useState<Status[]>(['SIGNED'])
  const [channel, setChannel] = useState<Channel[]>([])
  const [from, setFrom] = useState(() => `${new Date().getFullYear()}-01-01`)
  const sure = /^\d{4}-\d{2}-\d{2}$/.test(from)
  const dated = status[0] !== 'DRAFT' && sure // a draft has no day of signing
  const filter = { status: status[0] ?? null, channel: channel[0] ?? null, signedFrom: dated ? `${from}T00:00:00+09:00` : null }
  const read = usePages(Query, { filter }, (d) => d.contracts, JSON.stringify(filter))
  const columns: Column<Row>[] = [
    { key: 'number', name: t('contracts.number'), by: (r) => r.number, width: '10rem' },
    { key: 'signed', name: t('contracts.signed'), by: (r) => r.signedAt, show: (r) => (r.signedAt ? day(r.signedAt) : '–'), width: '9rem' },
    { key: 'dealer', name: t('contracts.dealer'), by: (r) => r.dealer.name, width: 'minmax(11rem, 1.5fr)' },
    { key: 'customer', name: t('contracts.customer'), by: (r) => r.customer.name, width: 'minmax(7rem, 1fr)' },
    { key: 'product', name: t('contracts.product'), by: (r) => r.product.name, width: 'minmax(8rem, 1fr)' },
    { key: 'channel', name: t('contracts.channel'), by: (r) => t(`channel.${r.channel}`), width: '7rem' },
    { key: 'total', name: t('contracts.total'), by: (r) => r.total, show: (r) => won(r.total), width: '10rem', number: true },
  ]
  const save = () => download('contracts.csv', csv(columns.map((c) => c.name), read.rows.map((r) => columns.map((c) => c.by(r)))))
  return (
    <div className="stack">
      <DealTabs />
      <div className="row" data-apart="">
        <h1>{t('contracts.title')}</h1>
        <Button icon="download" onPress={save} isDisabled={read.rows.length === 0}>{t('table.csv')}</Button>
      </div>
      <div className="grid">
        <Choices<Status> label={t('contracts.status')} chosen={status} onChange={setStatus} column="6rem" choices={(['SIGNED', 'DRAFT', 'CANCELLED'] as const).map((key) => ({ key, label: t(`status.${key}`) }))} />
        <Choices<Channel> label={t('contracts.channel')} chosen={channel} onChange={setChannel} column="6rem" choices={(['DIGITAL', 'PAPER'] as const).map((key) => ({ key, label: t(`channel.${key}`) }))} />
        <TextField label={t('contracts.from')} type="date" value={from} onChange={setFrom} problem={sure ? undefined : t('contracts.fromProblem')} />
      </div>
      <p className="soft" role="status">{t(read.done ? 'table.rows' : 'table.reading', { n: count(read.rows.length) })}</p>
      {read.rows.length > 0 && <Table label={t('contracts.title')} rows={read.rows} columns={columns} keyOf={(r) => r.id} start={{ key: 'signed', down: true }} />}
      {read.failed && <Failed />}
      {read.rows.length === 0 && !read.failed && (read.done ? <Empty title={t('contracts.none')}>{t('contracts.noneHint')}</Empty> : <Loading lines={6} />)}
    </div>
  )
}
