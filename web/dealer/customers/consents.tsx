import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf, VariablesOf } from '@kit/graphql'
import { day } from '@kit/i18n/format'
import { type Outcome, submit } from '@kit/outbox/outbox'
import { Button, SelectField } from '@kit/parts/controls'
import { ReadAloud } from '@kit/parts/readaloud'
import { Sheet } from '@kit/parts/sheet'
import { tell } from '@kit/parts/toasts'
import { graphql } from '../graphql'
import { ConsentTexts, type customerFields, RecordConsent, WithdrawConsent } from './operations'
import styles from './customers.module.css'

type Detail = ResultOf<typeof customerFields>
type Purpose = VariablesOf<typeof WithdrawConsent>['input']['purpose']
type Held = Detail['consents'][number]

const Firms = graphql(`query ConsentFirms { carriers { id name } financeProgrammes { organizationId lenderName } }`)

/** Consents shows what a customer agreed to, and lets them agree, or take it back, on the tablet. */
export function Consents({ customer: c }: { customer: Detail }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Purpose>()
  const [leaving, setLeaving] = useState<Held>()
  const holding = c.consents.filter((x) => x.action === 'GRANTED' && x.purpose !== 'CONTRACT')
  const missing = (['PERSONAL_DATA', 'MARKETING'] as const).filter((p) => !holding.some((h) => h.purpose === p))
  return (
    <section className={`card ${styles.part}`}>
      <h2>{t('consent.title')}</h2>
      <ul className="list">
        {holding.map((h) => (
          <li key={h.id} className="listrow" data-plain="">
            <span>
              <strong>{t(`consent.purpose.${h.purpose}`)}{h.recipientName && ` · ${h.recipientName}`}</strong>
              <span className={styles.line}>{t('consent.since', { day: day(h.occurredAt) })}</span>
            </span>
            <Button kind="quiet" onPress={() => setLeaving(h)}>{t('consent.withdraw')}</Button>
          </li>
        ))}
        {missing.map((p) => (
          <li key={p} className="listrow" data-plain="">
            <span><strong>{t(`consent.purpose.${p}`)}</strong><span className={styles.line}>{t('consent.none')}</span></span>
            <Button onPress={() => setAsked(p)}>{t('consent.ask')}</Button>
          </li>
        ))}
        <li className="listrow" data-plain="">
          <span><strong>{t('consent.purpose.THIRD_PARTY')}</strong><span className={styles.line}>{t('consent.thirdHint')}</span></span>
          <Button onPress={() => setAsked('THIRD_PARTY')}>{t('consent.ask')}</Button>
        </li>
      </ul>
      {asked && <Ask customer={c} purpose={asked} onClose={() => setAsked(undefined)} />}
      {leaving && <Withdraw customer={c} held={leaving} onClose={() => setLeaving(undefined)} />}
    </section>
  )
}

function useDone(onClose: () => void): (o: Outcome<unknown>) => string | undefined {
  const { t } = useTranslation()
  return (o) => {
    if (o.state === 'refused' || o.state === 'conflict') return o.problems[0]?.message
    tell(o.state === 'sent' ? t('consent.kept') : t('form.savedHere'))
    onClose()
    return undefined
  }
}

function Ask({ customer: c, purpose, onClose }: { customer: Detail; purpose: Purpose; onClose: () => void }) {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: ConsentTexts })
  const [{ data: firms }] = useQuery({ query: Firms, pause: purpose !== 'THIRD_PARTY' })
  const [recipient, setRecipient] = useState('')
  const [problem, setProblem] = useState<string>()
  const done = useDone(onClose)
  const words = data?.consentTexts.find((x) => x.purpose === purpose)
  const options = [...new Map([...(firms?.carriers ?? []).map((f) => [f.id, f.name] as const), ...(firms?.financeProgrammes ?? []).map((f) => [f.organizationId, f.lenderName] as const)])].map(([key, label]) => ({ key, label }))
  const agree = async () => {
    if (!words) return
    const input = { customerId: c.id, textId: words.id, recipient: recipient || undefined, occurredAt: new Date().toISOString() }
    setProblem(done(await submit(RecordConsent, input, { chain: c.id, label: 'outbox.consent', subject: c.name })))
  }
  return (
    <Sheet open onClose={onClose} title={words?.title ?? t('consent.title')}>
      {purpose === 'THIRD_PARTY' && <SelectField label={t('consent.recipient')} value={recipient} empty={t('consent.choose')} onChange={setRecipient} options={options} />}
      <p className={`large ${styles.words}`}>{words?.body}</p>
      {words && <ReadAloud text={words.body} />}
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <Button kind="primary" large wide isDisabled={!words || (purpose === 'THIRD_PARTY' && !recipient)} onPress={() => void agree()}>{t('consent.agree', { name: c.name })}</Button>
    </Sheet>
  )
}

function Withdraw({ customer: c, held, onClose }: { customer: Detail; held: Held; onClose: () => void }) {
  const { t } = useTranslation()
  const [problem, setProblem] = useState<string>()
  const done = useDone(onClose)
  const withdraw = async () => {
    const input = { customerId: c.id, purpose: held.purpose, recipient: held.recipient || undefined, occurredAt: new Date().toISOString() }
    setProblem(done(await submit(WithdrawConsent, input, { chain: c.id, label: 'outbox.consent', subject: c.name })))
  }
  return (
    <Sheet open onClose={onClose} title={t('consent.withdrawTitle', { what: t(`consent.purpose.${held.purpose}`) })} alert>
      <p>{t(`consent.withdrawHint.${held.purpose}`)}</p>
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <div className="row">
        <Button large onPress={onClose}>{t('kit:cancel')}</Button>
        <div className="grow"><Button large wide kind="danger" onPress={() => void withdraw()}>{t('consent.withdraw')}</Button></div>
      </div>
    </Sheet>
  )
}
