import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { ago } from '@kit/i18n/format'
import { type Draft, listDrafts } from '@kit/outbox/drafts'
import { Icon } from '@kit/parts/icons'
import { useSent } from '@kit/outbox/sent'
import { graphql } from '../graphql'
import { dealOf } from '../links'

const Query = graphql(`
  query OpenDeals {
    consultations(filter: { status: OPEN }, first: 5) { totalCount nodes { id openedAt customer { id name } showings { id product { name } } quotes { id status } } }
  }
`)

type DealDraft = { consultationId?: string; customerName?: string }

/** OpenDeals are what was begun and not finished: on this device, and with the server. */
export function OpenDeals() {
  const { t } = useTranslation()
  const [{ data }, refresh] = useQuery({ query: Query })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  const [drafts, setDrafts] = useState<Draft<DealDraft>[]>([])
  useEffect(() => {
    void listDrafts<DealDraft>('deal').then(setDrafts)
  }, [])
  const open = data?.consultations.nodes ?? []
  const here = drafts.filter((d) => d.value.consultationId && !open.some((c) => c.id === d.value.consultationId))
  if (open.length + here.length === 0) return null
  return (
    <section className="stack" data-gap="1">
      <h2>{t('open.title')}</h2>
      <ul className="list">
        {here.map((d) => <Row key={d.id} to={dealOf(d.value.consultationId!)} name={d.value.customerName ?? ''} note={t('open.here', { ago: ago(d.updatedAt) })} />)}
        {open.map((c) => {
          const stage = c.quotes.length > 0 ? 'quoted' : c.showings.length > 0 ? 'shown' : 'talked'
          return <Row key={c.id} to={dealOf(c.id)} name={c.customer.name} note={`${t(`open.${stage}`)} · ${ago(c.openedAt)}`} />
        })}
      </ul>
    </section>
  )
}

function Row({ to, name, note }: { to: string; name: string; note: string }) {
  return (
    <li>
      <Link to={to} className="listrow">
        <span>
          <strong className="large">{name}</strong>
          <span className="soft small" style={{ display: 'block' }}>{note}</span>
        </span>
        <Icon name="next" />
      </Link>
    </li>
  )
}
