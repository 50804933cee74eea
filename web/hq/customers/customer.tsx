import { area, count, moment, phone } from '@kit/i18n/format'
import { Button } from '@kit/parts/controls'
import { Empty, Shown } from '@kit/parts/states'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { graphql } from '../graphql'

const Query = graphql(`
  query CustomerPage($id: ID!) {
    customer(id: $id) {
      id name phone mail address
      dealer { id name }
      farm { squareMetres filled }
      consents { id purpose action method occurredAt recipientName withdrawnAt }
      timeline(first: 15) { nodes { id occurredAt summary actor } }
    }
    accessLog(customerId: $id, first: 20) { totalCount nodes { seq at what items organization { id name } } }
  }
`)

const Verify = graphql(`query VerifyAccessLog($id: ID!) { verifyAccessLog(customerId: $id) { entries intact } }`)

/** CustomerPage is one customer: what was consented to, what happened, and who was given their data. */
export function CustomerPage() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const [result, retry] = useQuery({ query: Query, variables: { id } })
  return (
    <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
      {({ customer: c, accessLog }) => c === null ? <Empty title={t('customer.gone')} /> : (
        <div className="stack" data-gap="3">
          <div className="stack" data-gap="1">
            <h1>{c.name}</h1>
            <p>{[phone(c.phone), c.mail, c.address].filter(Boolean).join(' · ')}</p>
            <p className="soft"><Link to={`/dealers/${c.dealer.id}`}>{c.dealer.name}</Link> · {area(c.farm.squareMetres)}</p>
          </div>
          <section className="stack" aria-labelledby="consents">
            <h2 id="consents">{t('customer.consents')}</h2>
            <ul className="list">
              {c.consents.map((k) => (
                <li key={k.id} className="listrow" data-plain="">
                  <div><p><strong>{t(`purpose.${k.purpose}`)}</strong> {k.recipientName}</p><p className="small soft">{moment(k.occurredAt)} · {t(`method.${k.method}`)}</p></div>
                  <span className="badge" data-tone={k.action === 'GRANTED' && !k.withdrawnAt ? 'field' : 'brick'}>{t(k.action === 'GRANTED' && !k.withdrawnAt ? 'customer.granted' : 'customer.withdrawn')}</span>
                </li>
              ))}
              {c.consents.length === 0 && <li className="listrow" data-plain=""><p className="soft">{t('customer.noConsents')}</p></li>}
            </ul>
          </section>
          <section className="stack" aria-labelledby="access">
            <div className="row" data-apart=""><h2 id="access">{t('customer.access', { n: count(accessLog.totalCount) })}</h2><Check id={id} /></div>
            <p className="soft">{t('customer.accessHint')}</p>
            <ul className="list">
              {accessLog.nodes.map((e) => (
                <li key={e.seq} className="listrow" data-plain="">
                  <div><p><strong>{e.organization?.name ?? '–'}</strong> · {e.items.map((i) => t(`item.${i}`)).join(', ')}</p><p className="small soft">{moment(e.at)}</p></div>
                </li>
              ))}
              {accessLog.nodes.length === 0 && <li className="listrow" data-plain=""><p className="soft">{t('customer.noAccess')}</p></li>}
            </ul>
          </section>
          <section className="stack" aria-labelledby="timeline">
            <h2 id="timeline">{t('customer.timeline')}</h2>
            <ul className="list">
              {c.timeline.nodes.map((x) => <li key={x.id} className="listrow" data-plain=""><div><p>{x.summary}</p><p className="small soft">{moment(x.occurredAt)} · {x.actor}</p></div></li>)}
            </ul>
          </section>
        </div>
      )}
    </Shown>
  )
}

/** Check works out anew whether anybody changed the log behind our back. */
function Check({ id }: { id: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const [said, setSaid] = useState<{ text: string; tone: string } | null>(null)
  const check = async () => {
    const result = await client.query(Verify, { id }, { requestPolicy: 'network-only' }).toPromise()
    const v = result.data?.verifyAccessLog
    setSaid(v ? { text: t(v.intact ? 'customer.intact' : 'customer.broken', { n: count(v.entries) }), tone: v.intact ? 'field' : 'brick' } : { text: t('kit:failed.title'), tone: 'amber' })
  }
  return (
    <div className="row" data-gap="1">
      <span role="status">{said && <span className="badge" data-tone={said.tone}>{said.text}</span>}</span>
      <Button onPress={() => void check()}>{t('customer.verify')}</Button>
    </div>
  )
}
