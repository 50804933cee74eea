import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { language } from '@kit/i18n'
import { day } from '@kit/i18n/format'
import { online } from '@kit/online'
import { submit } from '@kit/outbox/outbox'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { useStore } from '@kit/store'
import { DraftContract, QuoteNow } from './acts'
import { Machines, Programmes } from './catalogue'
import { listTotal } from './draft'
import { Onward, StepFrame, type StepProps, useItem } from './frame'
import { keepPaper } from './pdf'
import { Sums, sumOf } from './quote'

/** How often a quote that waits for approval is asked about, in milliseconds. */
const every = 3_000

/** OfferStep shows the quote to the customer, waits for approval where it must, and leads to the contract. */
export function OfferStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const connected = useStore(online)
  const item = useItem(id, 'issueQuote', 'reviseQuote')
  const sent = !item || item.state === 'sent'
  const [{ data }, ask] = useQuery({ query: QuoteNow, variables: { id: deal.quoteId }, pause: !sent || deal.quoteId === '', requestPolicy: 'cache-and-network' })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const quote = data?.quote
  const waiting = quote?.status === 'AWAITING_APPROVAL'
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(() => ask({ requestPolicy: 'network-only' }), every)
    return () => clearInterval(timer)
  }, [waiting, ask])
  const open = quote?.contract && quote.contract.status !== 'CANCELLED' ? quote.contract : null
  const onward = async () => {
    if (deal.paper) return go('contract')
    setBusy(true)
    setProblem('')
    const contract = open ?? (await draft())
    if (contract?.evidence) {
      const kept = await keepPaper(id, contract.evidence.url, contract.evidence.sha256)
      if (kept) {
        change({ paper: { contractId: contract.id, number: contract.number, version: contract.version, total: contract.total, sha256: contract.evidence.sha256 }, read: false, agreed: [] })
        setBusy(false)
        return go(contract.status === 'SIGNED' ? 'done' : 'contract')
      }
      setProblem(t('deal.offer.paperLost'))
    }
    setBusy(false)
  }
  const draft = async () => {
    const outcome = await submit(DraftContract, { quoteId: deal.quoteId }, { chain: id, label: 'outbox.draft', subject: deal.customerName })
    if (outcome.state === 'sent') return outcome.payload.contract && { ...outcome.payload.contract, status: 'DRAFT' as const }
    setProblem(outcome.state === 'queued' ? t('deal.offer.needsNetwork') : (outcome.problems[0]?.message ?? ''))
    return null
  }
  const ready = connected && sent && (quote?.status === 'ISSUED' || Boolean(open))
  const mend = quote?.status === 'REFUSED' || quote?.status === 'EXPIRED'
  const toMend = () => {
    change({ quoteVersion: quote?.version ?? deal.quoteVersion })
    go('quote')
  }
  return (
    <StepFrame
      id={id} step="offer" deal={deal} title={t('deal.offer.title')}
      act={mend ? <Onward onPress={toMend}>{t('deal.offer.mend')}</Onward> : <Onward off={busy || !(ready || deal.paper)} onPress={() => void onward()}>{busy ? t('deal.offer.busy') : t('deal.offer.act')}</Onward>}
      second={!mend && <Button large onPress={toMend}>{t('deal.offer.change')}</Button>}
    >
      <State status={quote?.status} by={quote?.decidedBy} note={quote?.decisionNote} sent={sent} connected={connected} />
      <Summary deal={deal} number={quote?.number} validUntil={quote?.validUntil} />
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
    </StepFrame>
  )
}

type Status = 'ISSUED' | 'AWAITING_APPROVAL' | 'REFUSED' | 'SUPERSEDED' | 'ACCEPTED' | 'EXPIRED'

/** State says where the quote stands, and what happens next. */
function State({ status, by, note, sent, connected }: { status?: Status; by?: string; note?: string; sent: boolean; connected: boolean }) {
  const { t } = useTranslation()
  if (!connected || !sent) {
    return (
      <div className="card stack" data-gap="1" data-tone="amber" role="status">
        <p><strong>{sent ? t('deal.offer.sentOffline') : t('deal.offer.waits')}</strong></p>
        <p>{t('deal.offer.needsNetwork')}</p>
      </div>
    )
  }
  if (status === 'AWAITING_APPROVAL') {
    return (
      <div className="card row" data-tone="amber" role="status" data-testid="awaiting">
        <Icon name="clock" /> <div className="grow"><strong>{t('deal.offer.awaiting')}</strong><p>{t('deal.offer.awaitingHint')}</p></div>
      </div>
    )
  }
  if (status === 'REFUSED') return <div className="card" data-tone="brick" role="status"><strong>{t('deal.offer.refused', { by })}</strong>{note && <p>{note}</p>}</div>
  if (status === 'EXPIRED') return <div className="card" data-tone="amber" role="status"><strong>{t('deal.offer.expired')}</strong></div>
  if (by) return <div className="card" data-tone="field" role="status" data-testid="approved"><strong>{t('deal.offer.approved', { by })}</strong>{note && <p>{note}</p>}</div>
  return null
}

function Summary({ deal, number, validUntil }: { deal: StepProps['deal']; number?: string; validUntil?: string }) {
  const { t } = useTranslation()
  const [{ data: goods }] = useQuery({ query: Machines })
  const [{ data: money }] = useQuery({ query: Programmes })
  const offer = deal.offer
  const product = goods?.products.find((p) => p.id === offer?.productId)
  if (!offer || !product) return null
  const total = listTotal(product, offer.optionIds)
  const options = product.options.filter((o) => offer.optionIds.includes(o.id)).map((o) => (language() === 'ko' ? o.name : o.nameEn))
  return (
    <>
      <section className="card stack" data-gap="1">
        <div className="row" data-apart=""><h2>{product.name}</h2>{number && <span className="soft">{number}</span>}</div>
        {options.length > 0 && <p>{options.join(' · ')}</p>}
        {offer.valuePoints.length > 0 && <ul className="stack" data-gap="1">{offer.valuePoints.map((p) => <li key={p} className="row" data-gap="1"><Icon name="check" /><span className="grow">{p}</span></li>)}</ul>}
        {offer.delivery && <p className="soft">{offer.delivery}</p>}
        {validUntil && <p className="soft small">{t('deal.offer.valid', { day: day(validUntil) })}</p>}
      </section>
      <Sums total={total} offer={offer} monthlySum={sumOf(offer, money?.financeProgrammes ?? [], total - offer.discount - offer.tradeInAmount)} />
    </>
  )
}
