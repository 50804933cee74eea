import { day } from '@kit/i18n/format'
import { uuidv7 } from '@kit/ids'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Contract, Grant, Withdraw } from './contract'
import { Press, Said } from './parts'
import { ask } from './way'

type Consent = Contract['consents'][number]

/** Consents shows what the customer agreed to, and lets them take it back or give it again. */
export function Consents({ contract: c, onChange }: { contract: Contract; onChange: (contract: Contract) => void }) {
  const { t } = useTranslation()
  const [sure, setSure] = useState('')
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const shown = c.consents.filter((x) => x.purpose !== 'CONTRACT')
  const withdraw = async (x: Consent) => {
    setBusy(true)
    const { data, lost, problem } = await ask(Withdraw, { input: { purpose: x.purpose, recipient: x.recipient || undefined, idempotencyKey: uuidv7() } })
    finish(data?.withdrawConsentByLink, lost, problem?.message)
  }
  const grant = async (x: Consent) => {
    const text = c.consentTexts.find((w) => w.purpose === x.purpose)
    if (!text) return
    setBusy(true)
    const { data, lost, problem } = await ask(Grant, { input: { textId: text.id, recipient: x.recipient || undefined, idempotencyKey: uuidv7() } })
    finish(data?.grantConsentByLink, lost, problem?.message)
  }
  const finish = (payload: { contract: Contract | null; userErrors: { message: string }[] } | undefined, lost?: boolean, message?: string) => {
    setBusy(false)
    setSure('')
    if (payload?.contract) {
      setSaid('')
      return onChange(payload.contract)
    }
    setSaid(lost ? t('lost.hint') : (payload?.userErrors[0]?.message ?? message ?? t('lost.hint')))
  }
  if (shown.length === 0) return null
  return (
    <section className="stack" data-gap="1" aria-labelledby="consents">
      <h2 id="consents">{t('consents.title')}</h2>
      <p className="soft small">{t('consents.lead')}</p>
      <Said>{said}</Said>
      <ul className="list">
        {shown.map((x) => {
          const held = x.action === 'GRANTED'
          const again = c.consentTexts.some((w) => w.purpose === x.purpose) && (!x.recipient || c.recipients.some((r) => r.id === x.recipient))
          return (
            <li key={x.id} className="stack" data-gap="1" style={{ padding: 'var(--s2)' }}>
              <div>
                <strong>{t(`consents.purpose.${x.purpose}`)}</strong>{x.recipientName && <span> · {x.recipientName}</span>}
                <p className="soft small">{t(held ? 'consents.given' : 'consents.taken', { day: day(x.occurredAt) })}</p>
              </div>
              {sure === x.id ? (
                <div className="card stack" data-gap="1" data-tone="amber" role="alert">
                  <p>{t(x.purpose === 'THIRD_PARTY' ? 'consents.sureThird' : 'consents.sure')}</p>
                  <Press kind="danger" wide disabled={busy} onClick={() => void withdraw(x)}>{t('consents.withdrawNow')}</Press>
                  <Press wide onClick={() => setSure('')}>{t('consents.keep')}</Press>
                </div>
              ) : held ? <Press onClick={() => setSure(x.id)}>{t('consents.withdraw')}</Press> : again && <Press disabled={busy} onClick={() => void grant(x)}>{t('consents.again')}</Press>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
