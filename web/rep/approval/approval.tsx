import { ago, count, manwon, percent, won } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { submit } from '@kit/outbox/outbox'
import { Button, TextField } from '@kit/parts/controls'
import { Sheet } from '@kit/parts/sheet'
import { Empty, Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { Back } from '../parts'
import { DiscountBand } from './band'
import styles from './approval.module.css'

const Query = graphql(`
  query Approval($id: ID!) {
    quote(id: $id) {
      id number revision status version staffName issuedAt validUntil
      dealer { id name phone } customer { id name } consultation { id }
      lines { productName modelCode quantity amount options { name } }
      listTotal discount discountBp bandBp tradeIn { description amount } total monthly financeMonths valuePoints
      decidedBy decisionNote decidedAt
    }
  }
`)

const Decide = graphql(`
  mutation DecideDiscount($input: DecideDiscountInput!) {
    decideDiscount(input: $input) { quote { id status version decidedBy decisionNote decidedAt } userErrors { code field message } }
  }
`)

type Quote = NonNullable<ResultOf<typeof Query>['quote']>

/** Approval shows one discount that waits: what it means, why it is asked for, and the two answers. */
export function Approval() {
  const { t } = useTranslation()
  const { quoteId } = useParams({ from: '/approvals/$quoteId' })
  const [result, retry] = useQuery({ query: Query, variables: { id: quoteId } })
  return (
    <div className="stack" data-gap="3">
      <Back to="/">{t('places.needs')}</Back>
      <Shown result={result} retry={() => retry({ requestPolicy: 'network-only' })}>
        {({ quote }) => (quote ? <Face quote={quote} again={() => retry({ requestPolicy: 'network-only' })} /> : <Empty title={t('approval.gone')}>{t('approval.goneHint')}</Empty>)}
      </Shown>
    </div>
  )
}

function Face({ quote: q, again }: { quote: Quote; again: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="stack" data-gap="1">
        <h1>{t('approval.title', { customer: q.customer.name })}</h1>
        <p className="soft">
          <Link to="/dealers/$dealerId" params={{ dealerId: q.dealer.id }}>{q.dealer.name}</Link> · {q.staffName} · {ago(q.issuedAt)}
        </p>
      </div>
      <DiscountBand listTotal={q.listTotal} discount={q.discount} discountBp={q.discountBp} bandBp={q.bandBp} />
      <section className="card stack" aria-labelledby="offer">
        <h2 id="offer">{t('approval.offer')} <span className="soft small">{q.number}{q.revision > 1 ? ` · ${t('approval.revision', { n: q.revision })}` : ''}</span></h2>
        <ul className="stack" data-gap="1">
          {q.lines.map((l) => (
            <li key={l.modelCode}>
              <strong>{l.productName}{l.quantity > 1 ? ` × ${count(l.quantity)}` : ''}</strong>
              {l.options.length > 0 && <p className="soft small">{l.options.map((o) => o.name).join(', ')}</p>}
            </li>
          ))}
        </ul>
        <dl className={styles.sums}>
          <dt>{t('approval.list')}</dt><dd>{won(q.listTotal)}</dd>
          <dt>{t('approval.discount')}</dt><dd>− {won(q.discount)}</dd>
          {q.tradeIn.amount > 0 && <><dt>{t('approval.tradeIn')}{q.tradeIn.description && ` (${q.tradeIn.description})`}</dt><dd>− {won(q.tradeIn.amount)}</dd></>}
          <dt><strong>{t('approval.total')}</strong></dt><dd><strong>{won(q.total)}</strong></dd>
          {q.monthly > 0 && <><dt>{t('approval.monthly', { months: q.financeMonths })}</dt><dd>{won(q.monthly)}</dd></>}
        </dl>
      </section>
      <section className="stack" data-gap="1" aria-labelledby="value">
        <h2 id="value">{t('approval.value')}</h2>
        {q.valuePoints.length === 0 ? <p className="card" data-tone="amber">{t('approval.noValue')}</p> : <ul className={styles.points}>{q.valuePoints.map((v) => <li key={v}>{v}</li>)}</ul>}
      </section>
      {q.consultation && <p><Link to="/deals/$dealId" params={{ dealId: q.consultation.id }} className="button">{t('approval.story')}</Link></p>}
      {q.status === 'AWAITING_APPROVAL' ? <Answer quote={q} again={again} /> : <Decided quote={q} />}
    </>
  )
}

function Decided({ quote: q }: { quote: Quote }) {
  const { t } = useTranslation()
  return (
    <div className="card stack" data-gap="1" data-tone={q.status === 'REFUSED' ? 'amber' : 'field'} role="status">
      <strong>{t(`approval.is.${q.status}`)}</strong>
      {q.decidedBy && <p>{q.decidedBy}{q.decidedAt ? ` · ${ago(q.decidedAt)}` : ''}{q.decisionNote ? ` · ${q.decisionNote}` : ''}</p>}
    </div>
  )
}

/** Answer is the two acts: approve at a touch, or ask back with a note. */
function Answer({ quote: q, again }: { quote: Quote; again: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const decide = async (approve: boolean) => {
    setBusy(true)
    const outcome = await submit(Decide, { quoteId: q.id, expectedVersion: q.version, approve, note: note.trim() || undefined }, { chain: q.id, label: 'outbox.decision', subject: `${q.customer.name} · ${q.dealer.name}` })
    setBusy(false)
    if (outcome.state === 'conflict' || outcome.state === 'refused') {
      setProblem(outcome.problems.map((p) => p.message).join(' '))
      setAsking(false)
      again()
      return
    }
    tell(outcome.state === 'queued' ? t('approval.queued') : t(approve ? 'approval.approved' : 'approval.askedBack', { dealer: q.dealer.name }))
    await navigate({ to: '/' })
  }
  return (
    <div className={styles.answer} data-noprint="">
      <div role="alert">{problem && <p className="card" data-tone="brick">{problem}</p>}</div>
      <div className={styles.acts}>
        <Button large onPress={() => setAsking(true)} isDisabled={busy}>{t('approval.askBack')}</Button>
        <Button kind="primary" large onPress={() => void decide(true)} isDisabled={busy}>{t('approval.approve', { amount: manwon(q.discount), share: percent(q.discountBp) })}</Button>
      </div>
      <Sheet open={asking} onClose={() => setAsking(false)} title={t('approval.askBackTitle')}>
        <p className="soft">{t('approval.askBackHint')}</p>
        <TextField label={t('approval.note')} value={note} onChange={setNote} rows={4} />
        <Button kind="primary" large wide isDisabled={busy || note.trim() === ''} onPress={() => void decide(false)}>{t('approval.send')}</Button>
      </Sheet>
    </div>
  )
}
