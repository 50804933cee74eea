import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Problem, RequestCode } from './contract'
import { Press, Said } from './parts'
import { open, secret } from './way'
import { send, textOf } from '@kit/send'
import styles from './link.module.css'

/** Enter asks for the six digits, which come by mail or from the dealer's mouth. */
export function Enter({ onIn, onShut }: { onIn: () => void; onShut: (problem: Problem) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const [how, setHow] = useState('')
  const enter = async (e: FormEvent) => {
    e.preventDefault()
    if (code.length !== 6) return setSaid(t('code.six'))
    setBusy(true)
    const opened = await open(code)
    setBusy(false)
    if (opened.in) return onIn()
    if (opened.problem?.key === 'link.over' || opened.problem?.key === 'link.other_browser') return onShut(opened.problem)
    setSaid(opened.lost ? t('lost.hint') : (opened.problem?.message ?? t('shut.hint')))
    setCode('')
  }
  const request = async () => {
    const answer = await send<{ requestCustomerLinkCode: { codeBy: 'MAIL' | 'VOICE' | null; userErrors: Problem[] } }>(textOf(RequestCode), { input: { secret } })
    const by = answer.data?.requestCustomerLinkCode.codeBy
    if (by) setHow(t(`code.by.${by}`))
    else setSaid(answer.lost ? t('lost.hint') : (answer.data?.requestCustomerLinkCode.userErrors[0]?.message ?? t('shut.hint')))
  }
  return (
    <form className="stack" data-gap="3" onSubmit={(e) => void enter(e)} noValidate>
      <div className="stack" data-gap="1">
        <h1>{t('code.title')}</h1>
        <p className="soft">{t('code.lead')}</p>
      </div>
      <div className="field">
        <label htmlFor={id}>{t('code.label')}</label>
        <input id={id} className={`input ${styles.code}`} inputMode="numeric" autoComplete="one-time-code" maxLength={6} value={code} onChange={(e) => setCode(e.target.value.replace(/\D/g, ''))} />
      </div>
      <Said>{said}</Said>
      <Press kind="primary" type="submit" large wide disabled={busy}>{t(busy ? 'code.busy' : 'code.enter')}</Press>
      <div className="stack" data-gap="1">
        <p role="status">{how}</p>
        <Press wide onClick={() => void request()}>{t('code.request')}</Press>
      </div>
    </form>
  )
}
