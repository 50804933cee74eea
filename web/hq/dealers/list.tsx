import { count } from '@kit/i18n/format'
import { Button, TextField } from '@kit/parts/controls'
import { Empty, Failed, Loading } from '@kit/parts/states'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { graphql } from '../graphql'
import { usePages } from '../pages'
import { csv, download } from '../table/csv'
import { type Column, Table } from '../table/table'
import type { ResultOf } from '@kit/graphql'

const Query = graphql(`
  query Dealers($after: String) {
    dealers(first: 50, after: $after) {
      nodes { id name ownerName region { code name nameEn } territory { id name repName } iq { season { key } points pending standing { rank movement } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)

type Row = ResultOf<typeof Query>['dealers']['nodes'][number]

/** Dealers are all dealers with their IQ, sorted as one likes. */
export function Dealers() {
  const { t, i18n } = useTranslation()
  const [search, setSearch] = useState('')
  const read = usePages(Query, {}, (d) => d.dealers)
  const region = (r: Row) => (i18n.language === 'en' ? r.region.nameEn : r.region.name)
  const columns: Column<Row>[] = [
    { key: 'rank', name: t('dealers.rank'), by: (r) => r.iq?.standing.rank ?? null, width: '6rem', number: true },
    { key: 'name', name: t('dealers.name'), by: (r) => r.name, show: (r) => <Link to={`/dealers/${r.id}`}>{r.name}</Link>, width: 'minmax(14rem, 2fr)' },
    { key: 'points', name: t('dealers.points'), by: (r) => r.iq?.points ?? null, show: (r) => (r.iq ? count(r.iq.points) : '–'), width: '8rem', number: true },
    { key: 'movement', name: t('dealers.movement'), by: (r) => r.iq?.standing.movement ?? null, show: (r) => signed(r.iq?.standing.movement), width: '7rem', number: true },
    { key: 'region', name: t('dealers.region'), by: region, width: '7rem' },
    { key: 'rep', name: t('dealers.rep'), by: (r) => r.territory.repName, width: 'minmax(8rem, 1fr)' },
  ]
  const wanted = search.trim().toLowerCase()
  const rows = wanted ? read.rows.filter((r) => `${r.name} ${r.ownerName} ${region(r)} ${r.territory.repName}`.toLowerCase().includes(wanted)) : read.rows
  const save = () => download('dealers.csv', csv(columns.map((c) => c.name), rows.map((r) => columns.map((c) => c.by(r)))))
  return (
    <div className="stack">
      <div className="row" data-apart="">
        <h1>{t('dealers.title')}</h1>
        <Button icon="download" onPress={save} isDisabled={rows.length === 0}>{t('table.csv')}</Button>
      </div>
      <TextField label={t('dealers.search')} value={search} onChange={setSearch} />
      <p className="soft" role="status">{t(read.done ? 'table.rows' : 'table.reading', { n: count(rows.length) })}</p>
      {rows.length > 0 && <Table label={t('dealers.title')} rows={rows} columns={columns} keyOf={(r) => r.id} start={{ key: 'rank', down: false }} />}
      {read.failed && <Failed />}
      {rows.length === 0 && !read.failed && (read.done ? <Empty icon="search" title={t('dealers.none')}>{t('dealers.noneHint')}</Empty> : <Loading lines={6} />)}
    </div>
  )
}

function signed(n: number | null | undefined): string {
  return n ? (n > 0 ? `▲ ${count(n)}` : `▼ ${count(-n)}`) : '–'
}
