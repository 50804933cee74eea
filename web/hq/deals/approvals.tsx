import { ago, manwon, percent, won } from '@kit/i18n/format'
import type { ResultOf } from '@kit/graphql'
import { submit } from '@kit/outbox/outbox'
import { Button, TextField } from '@kit/parts/controls'
import { Sheet } from '@kit/parts/sheet'
import { Empty, Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { graphql } from '../graphql'
import { DealTabs } from './tabs'

const Query = graphql(`
  query Approvals {
    quotes(filter: { status: AWAITING_APPROVAL }, first: 50) {
      totalCount
      nodes { id number version issuedAt listTotal discount discountBp bandBp total valuePoints staffName dealer { id name } customer { id name } lines { productName quantity } }
    }
  }
`)

const Decide = graphql(`
  mutation DecideDiscount($input: DecideDiscountInput!) {
    decideDiscount(input: $input) { quote { id status version decisionNote } userErrors { code field message } }
  }
`)

type Quote = ResultOf<typeof Query>['quotes']['nodes'][number]

/** Approvals are the quotes whose discount lies outside the band, the longest waiting first. */
export function Approvals() {
  const { t } = useTranslation()
  const [result, again] = useQuery({ query: Query })
  const [open, setOpen] = useState<Quote | null>(null)
  const done = () => {
    setOpen(null)
    again({ requestPolicy: 'network-only' })
  }
  return (
    <div className="stack">
      <DealTabs />
      <h1>{t('approvals.title')}</h1>
      <Shown result={result} retry={() => again({ requestPolicy: 'network-only' })}>
        {({ quotes }) =>
          quotes.totalCount === 0 ? <Empty icon="check" title={t('approvals.none')}>{t('approvals.noneHint')}</Empty> : (
            <ul className="grid" style={{ '--column': '22rem' } as React.CSSProperties}>
              {[...quotes.nodes].sort((a, b) => a.issuedAt.localeCompare(b.issuedAt)).map((q) => (
                <li key={q.id} className="card stack" data-gap="1">
                  <div>
                    <p><strong>{q.dealer.name}</strong> · {q.customer.name}</p>
                    <p>{q.lines.map((l) => l.productName).join(', ')} · {manwon(q.total)}</p>
                    <p className="small soft">{q.number} · {ago(q.issuedAt)}</p>
                  </div>
                  <div className="row" data-apart="">
                    <span className="badge" data-tone="amber">{t('approvals.asked', { asked: percent(q.discountBp), band: percent(q.bandBp) })}</span>
                    <Button onPress={() => setOpen(q)}>{t('approvals.decide')}</Button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      {open && <Decision quote={open} onClose={() => setOpen(null)} onDone={done} />}
    </div>
  )
}

function Decision({ quote, onClose, onDone }: { quote: Quote; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const decide = async (approve: boolean) => {
    setBusy(true)
    const outcome = await submit(Decide, { quoteId: quote.id, expectedVersion: quote.version, approve, note: note.trim() || undefined }, { chain: quote.id, label: 'kit:outbox.decision', subject: quote.customer.name })
    setBusy(false)
    if (outcome.state === 'conflict' || outcome.state === 'refused') {
      setProblem(outcome.problems[0]?.message ?? t('approvals.failed'))
      return
    }
    tell(t(outcome.state === 'queued' ? 'approvals.queued' : approve ? 'approvals.approved' : 'approvals.refused'))
    onDone()
  }
  return (
    <Sheet open onClose={onClose} title={t('approvals.of', { name: quote.dealer.name })}>
      <dl className="stack" data-gap="1">
        <div className="row" data-apart=""><dt>{t('approvals.list')}</dt><dd>{won(quote.listTotal)}</dd></div>
        <div className="row" data-apart=""><dt>{t('approvals.discount')}</dt><dd>{won(quote.discount)} ({percent(quote.discountBp)})</dd></div>
        <div className="row" data-apart=""><dt>{t('approvals.band')}</dt><dd>{percent(quote.bandBp)}</dd></div>
        <div className="row" data-apart=""><dt>{t('approvals.total')}</dt><dd><strong>{won(quote.total)}</strong></dd></div>
      </dl>
      {quote.valuePoints.length > 0 && <div><h3>{t('approvals.value')}</h3><ul>{quote.valuePoints.map((v) => <li key={v}>· {v}</li>)}</ul></div>}
      <TextField label={t('approvals.note')} hint={t('approvals.noteHint')} rows={3} value={note} onChange={setNote} problem={problem} />
      <div className="row">
        <Button kind="primary" isDisabled={busy} onPress={() => void decide(true)}>{t('approvals.approve')}</Button>
        <Button kind="danger" isDisabled={busy} onPress={() => void decide(false)}>{t('approvals.refuse')}</Button>
      </div>
    </Sheet>
  )
}
