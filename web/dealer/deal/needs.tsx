import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { attachments, cropName, crops, pyeongOf, squareMetresOf, terrains } from '@kit/farm'
import { area, manwon } from '@kit/i18n/format'
import { enqueue, items, submit } from '@kit/outbox/outbox'
import { Button, Choices, NumberField, TextField } from '@kit/parts/controls'
import { ReadAloud } from '@kit/parts/readaloud'
import { useStore } from '@kit/store'
import { ConsentTexts, RecordConsent } from '../customers/operations'
import { OpenConsultation } from './acts'
import { Customer } from './catalogue'
import type { Needs, Terrain } from './draft'
import { Onward, StepFrame, type StepProps } from './frame'
import styles from './deal.module.css'

/** NeedsStep asks what the farm needs, by large choices; what is known of the farm is chosen already. */
export function NeedsStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: Customer, variables: { id: deal.customer?.id ?? '' }, pause: !deal.customer })
  const consented = useConsented(deal.customer?.id ?? '', data?.customer?.consents)
  const needs = { ...deal.needs, ...suggestion(deal.needs, data?.customer?.farm) }
  const set = (part: Partial<Needs>) => change({ needs: { ...needs, ...part } })
  const onward = async () => {
    if (deal.openedAt) return go('machines')
    const at = new Date().toISOString()
    change({ needs, openedAt: at })
    await enqueue(
      OpenConsultation, { id, customerId: deal.customer!.id, needs: { ...needs, terrain: needs.terrain ?? undefined }, occurredAt: at },
      { chain: id, after: [deal.customer!.id], label: 'outbox.consultation', subject: deal.customerName, at },
    )
    go('machines')
  }
  return (
    <StepFrame id={id} step="needs" deal={deal} title={t('deal.needs.title')} lead={deal.openedAt ? t('deal.needs.recorded') : t('deal.needs.lead')} act={<Onward off={!consented} onPress={() => void onward()}>{t('deal.needs.act')}</Onward>}>
      {!consented && <Consent customerId={deal.customer!.id} name={deal.customerName} />}
      <Choices label={t('deal.needs.crops')} many choices={crops.map((key) => ({ key, label: cropName(key) }))} chosen={needs.crops as (typeof crops)[number][]} onChange={(chosen) => set({ crops: chosen })} />
      <NumberField
        label={t('deal.needs.area')} value={needs.squareMetres > 0 ? pyeongOf(needs.squareMetres) : NaN}
        hint={needs.squareMetres > 0 ? area(needs.squareMetres) : t('deal.needs.areaHint')} onChange={(pyeong) => set({ squareMetres: Number.isNaN(pyeong) ? 0 : squareMetresOf(pyeong) })}
      />
      <Choices label={t('deal.needs.terrain')} choices={terrains.map((key) => ({ key, label: t(`kit:terrain.${key}`) }))} chosen={needs.terrain ? [needs.terrain] : []} onChange={([terrain]) => set({ terrain: (terrain as Terrain | undefined) ?? null })} />
      <Choices label={t('deal.needs.attachments')} many choices={attachments.map((key) => ({ key, label: key }))} chosen={needs.attachments.filter((a) => (attachments as readonly string[]).includes(a)) as (typeof attachments)[number][]} onChange={(chosen) => set({ attachments: chosen })} />
      <NumberField
        label={t('deal.needs.budget')} value={needs.budget > 0 ? needs.budget / 10_000 : NaN} step={100} hint={needs.budget > 0 ? manwon(needs.budget) : t('deal.needs.budgetHint')}
        onChange={(man) => set({ budget: Number.isNaN(man) ? 0 : Math.round(man) * 10_000 })}
      />
      <TextField label={t('deal.needs.purpose')} hint={t('deal.needs.purposeHint')} rows={2} value={needs.purpose} onChange={(purpose) => set({ purpose })} />
    </StepFrame>
  )
}

type Farm = { crops: string[]; squareMetres: number; terrain: Terrain | null; attachments: string[] }

/** suggestion is what the farm already tells, while nothing has been chosen yet. */
function suggestion(needs: Needs, farm?: Farm): Partial<Needs> {
  const untouched = needs.crops.length === 0 && needs.squareMetres === 0 && needs.terrain === null && needs.attachments.length === 0 && needs.budget === 0 && needs.purpose === ''
  if (!untouched || !farm) return {}
  return { crops: farm.crops, squareMetres: farm.squareMetres, terrain: farm.terrain, attachments: farm.attachments }
}

/** useConsented tells whether the customer agreed that their data is kept, with the server or on this device. */
function useConsented(customerId: string, held?: { purpose: string }[]): boolean {
  const here = useStore(items).filter((i) => i.state !== 'refused' && i.state !== 'conflict')
  if (held?.some((c) => c.purpose === 'PERSONAL_DATA')) return true
  return here.some(({ field, variables: { input } }) =>
    field === 'createCustomer' ? input.id === customerId && Boolean(input.consentTextId) : field === 'recordConsent' && input.customerId === customerId && String(input.textId).startsWith('personal-data'),
  )
}

function Consent({ customerId, name }: { customerId: string; name: string }) {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: ConsentTexts })
  const words = data?.consentTexts.find((x) => x.purpose === 'PERSONAL_DATA')
  const [problem, setProblem] = useState('')
  if (!words) return null
  const agree = async () => {
    const at = new Date().toISOString()
    const outcome = await submit(RecordConsent, { customerId, textId: words.id, occurredAt: at }, { chain: customerId, label: 'outbox.consent', subject: name, at })
    if (outcome.state === 'refused' || outcome.state === 'conflict') setProblem(outcome.problems[0]?.message ?? '')
  }
  return (
    <section className="card stack" data-tone="amber">
      <div className="row" data-apart=""><h2>{words.title}</h2><ReadAloud text={words.body} /></div>
      <p className={styles.words}>{words.body}</p>
      <Button large onPress={() => void agree()}>{t('deal.agree')}</Button>
      {problem && <p className="problem" role="alert">{problem}</p>}
    </section>
  )
}
