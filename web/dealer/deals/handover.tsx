import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ResultOf } from '@kit/graphql'
import { day } from '@kit/i18n/format'
import { online } from '@kit/online'
import { submit } from '@kit/outbox/outbox'
import { Button } from '@kit/parts/controls'
import { Qr } from '@kit/parts/qr'
import { Sheet } from '@kit/parts/sheet'
import { tell } from '@kit/parts/toasts'
import { useStore } from '@kit/store'
import { graphql } from '../graphql'
import type { ContractDetail } from './contract'
import styles from './deals.module.css'

const Create = graphql(`mutation CreateCustomerLink($input: CreateCustomerLinkInput!) { createCustomerLink(input: $input) { url code mailed link { id expiresAt codeBy } userErrors { code field message } } }`)

type Made = ResultOf<typeof Create>['createCustomerLink']

/** Handover gives the customer their own way to the contract: a QR code to scan, and the code to tell them. */
export function Handover({ contract: c, onClose }: { contract: Pick<ContractDetail, 'id' | 'customer'>; onClose: () => void }) {
  const { t } = useTranslation()
  const connected = useStore(online)
  const [made, setMade] = useState<Made>()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const make = async () => {
    setBusy(true)
    const outcome = await submit(Create, { contractId: c.id }, { chain: `link.${c.id}`, label: 'outbox.link', subject: c.customer.name })
    setBusy(false)
    if (outcome.state === 'sent') setMade(outcome.payload)
    else setProblem(outcome.state === 'queued' ? t('handover.later') : outcome.problems[0]?.message)
  }
  const address = made?.url ? new URL(made.url, location.origin).href : undefined
  return (
    <Sheet open onClose={onClose} title={t('handover.title', { name: c.customer.name })}>
      {!address ? (
        <>
          <p>{t('handover.lead')}</p>
          <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
          <Button kind="primary" large wide isDisabled={busy || !connected} onPress={() => void make()}>{connected ? t('handover.make') : t('kit:failed.offline')}</Button>
        </>
      ) : (
        <>
          <div className={styles.code}><Qr text={address} label={t('handover.qr')} /></div>
          {made?.code ? (
            <div className="card stack" data-tone="field" data-gap="1">
              <p>{t('handover.tell')}</p>
              <p className={styles.digits} data-testid="link-code">{made.code}</p>
            </div>
          ) : (
            <p className="card" data-tone="sky">{t('handover.byMail')}</p>
          )}
          {made?.mailed && <p>{t('handover.mailed')}</p>}
          {made?.link && <p className="soft">{t('handover.until', { day: day(made.link.expiresAt) })}</p>}
          <div className="row">
            <Button onPress={() => void navigator.clipboard?.writeText(address).then(() => tell(t('handover.copied')))}>{t('handover.copy')}</Button>
            {'share' in navigator && <Button onPress={() => void navigator.share({ url: address }).catch(() => undefined)}>{t('handover.share')}</Button>}
          </div>
        </>
      )}
    </Sheet>
  )
}
