import { won } from '@kit/i18n/format'
import { uuidv7 } from '@kit/ids'
import { Icon } from '@kit/parts/icons'
import { readAloud } from '@kit/preferences'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import SignaturePad from 'signature_pad'
import { type Contract, Grant, Sign } from './contract'
import { Press, Said } from './parts'
import { ask } from './way'
import styles from './link.module.css'

type Props = { contract: Contract; onDone: (contract: Contract) => void; onBack: () => void; onStale: () => void }

/**
 * wanted is what is still to be agreed to. A third party's consent names a firm, so
 * it is asked for where the firm is chosen, and not here.
 */
function wanted(c: Contract) {
  const held = new Set(c.consents.filter((x) => x.action === 'GRANTED').map((x) => x.purpose))
  return c.consentTexts.filter((w) => w.purpose === 'CONTRACT' || (w.purpose !== 'THIRD_PARTY' && !held.has(w.purpose)))
}

/**
 * grantAlso enters what was agreed to beside the contract's own terms into the
 * consents, where it can be taken back; the signature keeps it as evidence alone.
 */
async function grantAlso(signed: Contract, agreed: string[]): Promise<Contract> {
  let latest = signed
  for (const text of wanted(signed)) {
    if (text.purpose === 'CONTRACT' || !agreed.includes(text.id)) continue
    const { data } = await ask(Grant, { input: { textId: text.id, idempotencyKey: uuidv7() } })
    latest = data?.grantConsentByLink.contract ?? latest
  }
  return latest
}

/**
 * Signing asks for the consents one by one, then for the signature. A consent that
 * the contract itself needs has to be given; the others may be refused.
 */
export default function Signing({ contract: c, onDone, onBack, onStale }: Props) {
  const { t } = useTranslation()
  const [texts] = useState(() => wanted(c))
  const [step, setStep] = useState(0)
  const [agreed, setAgreed] = useState<string[]>([])
  const text = texts[step]
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    window.scrollTo(0, 0)
    heading.current?.focus()
  }, [step])
  const answer = (id: string, yes: boolean) => {
    setAgreed((now) => [...now.filter((x) => x !== id), ...(yes ? [id] : [])])
    setStep(step + 1)
  }
  return (
    <div className="stack" data-gap="3">
      <div className="row" data-apart="">
        <Press icon="back" onClick={() => (step === 0 ? onBack() : setStep(step - 1))}>{t('back')}</Press>
        <span className="soft">{t('sign.step', { n: step + 1, of: texts.length + 1 })}</span>
      </div>
      {text ? (
        <>
          <h1 ref={heading} tabIndex={-1}>{text.title}</h1>
          <p className={styles.words}>{text.body}</p>
          <Press icon="speaker" onClick={() => readAloud(`${text.title}. ${text.body}`)}>{t('aloud')}</Press>
          <div className="stack" data-gap="1">
            <Press kind="primary" large wide icon="check" onClick={() => answer(text.id, true)}>{t('sign.agree')}</Press>
            {text.purpose === 'CONTRACT' ? <p className="soft small">{t('sign.needed')}</p> : <Press large wide onClick={() => answer(text.id, false)}>{t('sign.decline')}</Press>}
          </div>
        </>
      ) : (
        <>
          <h1 ref={heading} tabIndex={-1}>{t('sign.title')}</h1>
          <p className="large">{t('sign.lead', { name: c.customerName, total: won(c.total) })}</p>
          <Box contract={c} agreed={agreed} onDone={onDone} onStale={onStale} />
        </>
      )}
    </div>
  )
}

function Box({ contract: c, agreed, onDone, onStale }: { contract: Contract; agreed: string[]; onDone: (contract: Contract) => void; onStale: () => void }) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad | null>(null)
  const [drawn, setDrawn] = useState(false)
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  // One key for one signature: after a lost answer the same one is sent again.
  const key = useRef(uuidv7())
  useEffect(() => {
    const box = canvas.current!
    const ratio = Math.max(window.devicePixelRatio, 1)
    box.width = box.offsetWidth * ratio
    box.height = box.offsetHeight * ratio
    box.getContext('2d')!.scale(ratio, ratio)
    pad.current = new SignaturePad(box, { penColor: '#1b1b2b', minWidth: 1.2, maxWidth: 3.4 })
    pad.current.addEventListener('endStroke', () => setDrawn(true))
    return () => pad.current?.off()
  }, [])
  const clear = () => {
    pad.current?.clear()
    setDrawn(false)
    key.current = uuidv7()
  }
  const sign = async () => {
    const box = canvas.current!
    setBusy(true)
    const { data, lost, problem } = await ask(Sign, {
      input: {
        idempotencyKey: key.current, expectedVersion: c.version, readSha256: c.paperSha256 ?? '', consentTextIds: agreed,
        signature: { strokes: pad.current!.toData().map((s) => s.points.map(({ x, y }) => ({ x, y }))), width: box.offsetWidth, height: box.offsetHeight, signerName: c.customerName },
      },
    })
    const payload = data?.signContractByLink
    if (payload?.contract) return onDone(await grantAlso(payload.contract, agreed))
    setBusy(false)
    setSaid(lost ? t('sign.lost') : (payload?.userErrors[0]?.message ?? problem?.message ?? t('sign.lost')))
    if (payload) {
      key.current = uuidv7()
      if (payload.userErrors.some((e) => e.code === 'CONFLICT')) onStale()
    }
  }
  return (
    <>
      <div className={styles.box}>
        <canvas ref={canvas} role="img" aria-label={t('sign.box')} />
        {!drawn && <span aria-hidden="true"><Icon name="pen" /> {t('sign.here')}</span>}
      </div>
      <Press onClick={clear} disabled={!drawn || busy}>{t('sign.clear')}</Press>
      <Said>{said}</Said>
      <Press kind="primary" large wide disabled={!drawn || busy} onClick={() => void sign()}>{t(busy ? 'sign.busy' : 'sign.send')}</Press>
    </>
  )
}
