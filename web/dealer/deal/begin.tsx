import { useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { items } from '@kit/outbox/outbox'
import { Icon } from '@kit/parts/icons'
import { Failed, Loading } from '@kit/parts/states'
import { Link } from '@tanstack/react-router'
import { People } from '../customers/list'
import { pendingCustomers } from '../customers/pending'
import { newDeal } from '../links'
import { Customer } from './catalogue'
import { begin } from './draft'
import styles from '../customers/customers.module.css'

/** BeginDeal asks whom the deal is with; with a customer in the address it begins at once. */
export function BeginDeal() {
  const { t } = useTranslation()
  const search: { customer?: string } = useSearch({ strict: false })
  const [typed, setTyped] = useState('')
  const text = useDeferredValue(typed)
  if (search.customer) return <With customerId={search.customer} key={search.customer} />
  return (
    <div className="stack">
      <div className="row" data-apart="">
        <h1>{t('deal.who.title')}</h1>
        <Link to="/customers/new" className="button"><Icon name="plus" />{t('deal.who.add')}</Link>
      </div>
      <label className={styles.search}>
        <Icon name="search" />
        <span className="hidden">{t('customers.search')}</span>
        <input className="input" type="search" value={typed} placeholder={t('customers.searchHint')} onChange={(e) => setTyped(e.target.value)} enterKeyHint="search" />
      </label>
      <People text={text} key={text} to={newDeal} />
    </div>
  )
}

/** With begins a deal with one customer and goes on to its first step. */
function With({ customerId }: { customerId: string }) {
  const client = useClient()
  const navigate = useNavigate()
  const [failed, setFailed] = useState(false)
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    void (async () => {
      const waiting = pendingCustomers(items.get()).find((p) => p.id === customerId)
      const known = waiting ?? (await client.query(Customer, { id: customerId }, { requestPolicy: 'cache-first' })).data?.customer
      if (!known) return setFailed(true)
      const deal = await begin({ id: known.id, name: known.name })
      await navigate({ to: '/deal/$deal/$step', params: { deal, step: 'needs' }, replace: true })
    })()
  }, [client, customerId, navigate])
  return failed ? <Failed /> : <Loading />
}
