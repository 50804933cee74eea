import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { day, moment, percent, won } from '@kit/i18n/format'
import { submit } from '@kit/outbox/outbox'
import { useSent } from '@kit/outbox/sent'
import { Button, TextField } from '@kit/parts/controls'
import { Empty, Shown } from '@kit/parts/states'
import { Icon } from '@kit/parts/icons'
import { tell } from '@kit/parts/toasts'
import { graphql } from '../graphql'
import { dealOf } from '../links'
import { Facts } from './facts'
import { tones } from './tones'
import styles from './deals.module.css'

const Query = graphql(`
  query QuotePage($id: ID!) {
    quote(id: $id) {
      id number revision status version listTotal discount discountBp total monthly financeMonths downPayment delivery valuePoints issuedAt validUntil decidedBy decisionNote staffName
      customer { id name phone }
      consultation { id status }
      lines { productId productName quantity amount options { optionId name } }
      tradeIn { description amount }
      followUps { id note occurredAt staffName }
      contract { id }
    }
  }
`)

const FollowUp = graphql(`mutation FollowUpQuote($input: FollowUpQuoteInput!) { followUpQuote(input: $input) { quote { id version } userErrors { code field message } } }`)

type Quote = NonNullable<ResultOf<typeof Query>['quote']>

/** QuotePage is one offer: what it comes to, what was said since, and how it goes on. */
export function QuotePage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/quotes/$id' })
  const [result, refresh] = useQuery({ query: Query, variables: { id } })
  useSent(() => refresh({ requestPolicy: 'network-only' }))
  return (
    <Shown result={result} retry={() => refresh({ requestPolicy: 'network-only' })}>
      {({ quote }) => (quote ? <Offer quote={quote} /> : <Empty title={t('deals.gone')}>{t('deals.goneHint')}</Empty>)}
    </Shown>
  )
}

function Offer({ quote: q }: { quote: Quote }) {
  const { t } = useTranslation()
  return (
    <div className="stack" data-gap="3">
      <header className="stack" data-gap="1">
        <p className="soft">{t('deals.quote')} {q.number}</p>
        <div className="row" data-apart="">
          <h1>{q.customer.name} · {q.lines[0]?.productName}</h1>
          <span className="badge" data-tone={tones[q.status]}>{t(`kit:status.quote.${q.status}`)}</span>
        </div>
        <div className="row" data-noprint="">
          {q.contract && <Link to="/contracts/$id" params={{ id: q.contract.id }} className="button" data-large="" data-kind="primary">{t('deals.toContract')}</Link>}
          {!q.contract && q.consultation && q.status !== 'SUPERSEDED' && <Link to={dealOf(q.consultation.id)} className="button" data-kind="primary" data-large="">{t('deals.goOn')}</Link>}
          {q.customer.phone && <a href={`tel:${q.customer.phone}`} className="button" data-large=""><Icon name="phone" />{t('deals.call')}</a>}
          <Button large kind="quiet" onPress={() => window.print()}>{t('kit:print')}</Button>
        </div>
      </header>
      <div className={styles.columns}>
        <section className="card stack">
          <p><span className="figure">{won(q.total)}</span></p>
          <Facts of={[
            [t('deals.listTotal'), won(q.listTotal)],
            q.discount > 0 && [t('deals.discount'), `${won(q.discount)} (${percent(q.discountBp)})`],
            q.tradeIn.amount > 0 && [t('deals.tradeIn'), `${won(q.tradeIn.amount)} · ${q.tradeIn.description}`],
            q.monthly > 0 && [t('deals.monthly'), t('deals.monthlyOf', { monthly: won(q.monthly), months: q.financeMonths })],
            q.downPayment > 0 && [t('deals.downPayment'), won(q.downPayment)],
            [t('deals.valid'), day(q.validUntil)],
            q.delivery !== '' && [t('deals.delivery'), q.delivery],
            q.decidedBy !== '' && [t('deals.decided'), [q.decidedBy, q.decisionNote].filter(Boolean).join(': ')],
          ]} />
          <ul className="list">{q.lines.map((l) => <li key={l.productId} className="listrow" data-plain=""><span><strong>{l.productName} × {l.quantity}</strong><span className={styles.line}>{l.options.map((o) => o.name).join(', ')}</span></span><span>{won(l.amount)}</span></li>)}</ul>
          {q.valuePoints.length > 0 && <div className="stack" data-gap="1"><h2>{t('deals.why')}</h2><ul className="stack" data-gap="1">{q.valuePoints.map((v) => <li key={v} className="row" data-gap="1" style={{ flexWrap: 'nowrap' }}><Icon name="check" /><span>{v}</span></li>)}</ul></div>}
        </section>
        <FollowUps quote={q} />
      </div>
    </div>
  )
}

function FollowUps({ quote: q }: { quote: Quote }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<string>()
  const keep = async () => {
    const outcome = await submit(FollowUp, { quoteId: q.id, note: note.trim() || undefined, occurredAt: new Date().toISOString() }, { chain: q.consultation?.id ?? q.id, label: 'outbox.followUp', subject: q.customer.name })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    setNote('')
    setProblem(undefined)
    tell(outcome.state === 'sent' ? t('deals.followKept') : t('form.savedHere'))
  }
  return (
    <section className="card stack">
      <h2>{t('deals.followUps')}</h2>
      {q.status === 'ISSUED' && (
        <div className="stack" data-noprint="">
          <TextField label={t('deals.followNote')} value={note} onChange={setNote} rows={3} problem={problem} />
          <Button wide onPress={() => void keep()}>{t('deals.followKeep')}</Button>
        </div>
      )}
      {q.followUps.length === 0 ? <p className="soft">{t('deals.noFollowUps')}</p> : (
        <ol className="list">{[...q.followUps].reverse().map((f) => <li key={f.id} className="listrow" data-plain=""><span>{f.note || t('deals.called')}<span className={styles.line}>{moment(f.occurredAt)} · {f.staffName}</span></span></li>)}</ol>
      )}
    </section>
  )
}
