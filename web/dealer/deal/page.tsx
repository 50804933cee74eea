import { Navigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { readDraft } from '@kit/outbox/drafts'
import { Empty, Failed, Loading } from '@kit/parts/states'
import { DealNow } from './acts'
import { type Deal, empty, keepDeal, type Step, steps, useDeal } from './draft'
import { useGo } from './frame'
import { ConsentsStep, ContractStep, SignStep } from './paper'
import { DoneStep } from './done'
import { FilmStep } from './film'
import { MachinesStep } from './machines'
import { NeedsStep } from './needs'
import { OfferStep } from './offer'
import { QuoteStep } from './quote'

const screens = { needs: NeedsStep, machines: MachinesStep, film: FilmStep, quote: QuoteStep, offer: OfferStep, contract: ContractStep, consents: ConsentsStep, sign: SignStep, done: DoneStep } satisfies Record<Step, unknown>

/** DealPage takes a deal up where it was left: from this device, or as the server knows it. */
export function DealPage() {
  const { t } = useTranslation()
  const { deal: id } = useParams({ strict: false }) as { deal: string }
  const { contract }: { contract?: string } = useSearch({ strict: false })
  const client = useClient()
  const [step, setStep] = useState<Step | 'missing' | 'lost'>()
  useEffect(() => {
    void (async () => {
      const here = await readDraft<Deal>(id)
      if (here && (!contract || here.value.paper?.contractId === contract)) return setStep(here.value.step)
      const answer = await client.query(DealNow, { id }, { requestPolicy: 'network-only' })
      const known = answer.data?.consultation
      if (!known) return setStep(here ? here.value.step : answer.error ? 'lost' : 'missing')
      const deal = dealFrom(known)
      await keepDeal(id, deal)
      setStep(deal.step)
    })()
  }, [client, contract, id])
  if (!step) return <Loading />
  if (step === 'lost') return <Failed />
  if (step === 'missing') return <Empty title={t('deal.missing')} />
  return <Navigate to="/deal/$deal/$step" params={{ deal: id, step }} replace />
}

/** StepPage shows one step of a deal that lies on this device. */
export function StepPage() {
  const { deal: id, step } = useParams({ strict: false }) as { deal: string; step: string }
  return <Shown key={id} id={id} step={step} />
}

function Shown({ id, step }: { id: string; step: string }) {
  const { value: deal, ready, change } = useDeal(id)
  const go = useGo(id, change)
  if (!ready) return <Loading />
  if (!deal.consultationId || !steps.includes(step as Step)) return <Navigate to="/deal/$deal" params={{ deal: id }} replace />
  const Screen = screens[step as Step]
  return <Screen key={step} id={id} deal={deal} change={change} go={go} />
}

/** dealFrom makes the deal of this device out of what the server knows of it. */
export function dealFrom(c: NonNullable<ResultOf<typeof DealNow>['consultation']>): Deal {
  const deal: Deal = { ...empty(c.id, c.customer), needs: c.needs, openedAt: c.openedAt, step: 'machines' }
  const quote = c.quotes[0]
  if (!quote) return deal
  const line = quote.lines[0]
  deal.quoteId = quote.id
  deal.quoteVersion = quote.version
  deal.quotedAt = quote.issuedAt
  deal.step = 'offer'
  deal.offer = line
    ? {
        productId: line.productId, optionIds: line.options.map((o) => o.optionId), discount: quote.discount, tradeInWhat: quote.tradeIn.description, tradeInAmount: quote.tradeIn.amount,
        valuePoints: quote.valuePoints, programmeId: '', months: quote.financeMonths, downPayment: quote.downPayment, delivery: quote.delivery,
      }
    : null
  const paper = quote.contract
  if (!paper?.evidence || paper.status === 'CANCELLED') return deal
  deal.paper = { contractId: paper.id, number: paper.number, version: paper.version, total: paper.total, sha256: paper.evidence.sha256 }
  deal.signedAt = paper.signedAt ?? ''
  deal.step = paper.status === 'SIGNED' ? 'done' : 'contract'
  return deal
}
