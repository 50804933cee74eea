import { count, phone } from '@kit/i18n/format'
import { TextField } from '@kit/parts/controls'
import { Empty, Shown } from '@kit/parts/states'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'

const Query = graphql(`
  query Customers($search: String) {
    customers(filter: { search: $search }, first: 50) { totalCount nodes { id name phone region { code name nameEn } dealer { id name } } }
  }
`)

/** Customers are found by name or by the first consonants of it. */
export function Customers() {
  const { t, i18n } = useTranslation()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim())
  const [result, retry] = useQuery({ query: Query, variables: { search: wanted || null } })
  return (
    <div className="stack">
      <h1>{t('customers.title')}</h1>
      <TextField label={t('customers.search')} hint={t('customers.searchHint')} value={search} onChange={setSearch} />
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ customers }) => customers.totalCount === 0 ? <Empty icon="search" title={t('customers.none')}>{t('customers.noneHint')}</Empty> : (
          <>
            <p className="soft" role="status">{t('customers.found', { n: count(customers.totalCount), shown: count(customers.nodes.length) })}</p>
            <ul className="list">
              {customers.nodes.map((c) => (
                <li key={c.id}>
                  <Link className="listrow" to={`/customers/${c.id}`}>
                    <span><strong>{c.name}</strong> <span className="soft">{phone(c.phone)}</span><br /><span className="small soft">{c.dealer.name}</span></span>
                    <span className="badge">{i18n.language === 'en' ? c.region.nameEn : c.region.name}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </div>
  )
}
