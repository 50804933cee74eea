import { Link } from '@tanstack/react-router'
import qrcode from 'qrcode-generator'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { uuidv7 } from '@kit/ids'
import { count } from '@kit/i18n/format'
import { online } from '@kit/online'
import { dropDraft } from '@kit/outbox/drafts'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { useStore } from '@kit/store'
import { RankBanner } from '../banner/banner'
import { CreateLink, Earned } from './acts'
import { StepFrame, type StepProps, useItem } from './frame'
import { usePaper } from './pdf'
import styles from './deal.module.css'

/** DoneStep hands the contract over and shows what it earned; the banner moves with it. */
export function DoneStep({ id, deal }: StepProps) {
  const { t } = useTranslation()
  const signature = useItem(id, 'signContract')
  const sent = !signature || signature.state === 'sent'
  // A deal that is done and with the server is no longer work on this device.
  useEffect(() => {
    if (sent && deal.signedAt) void dropDraft(id)
  }, [sent, deal.signedAt, id])
  return (
    <StepFrame id={id} step="done" deal={deal} done title={sent ? t('deal.done.title') : t('deal.done.titleWaits')} lead={sent ? t('deal.done.lead') : t('deal.done.leadWaits')} act={<Link to="/" className="button" data-kind="primary" data-large="" data-wide="">{t('deal.done.act')}</Link>}>
      {sent && <Points id={id} />}
      <HandOver id={id} deal={deal} sent={sent} />
      {sent && <RankBanner />}
    </StepFrame>
  )
}

function Points({ id }: { id: string }) {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: Earned, variables: { id }, requestPolicy: 'network-only' })
  const entries = data?.consultation?.ledgerEntries
  if (!entries) return null
  const sum = entries.reduce((n, e) => n + e.points, 0)
  return (
    <section className="stack" data-gap="1" data-testid="earned">
      <h2>{t('deal.done.points', { count: sum, points: count(sum) })}</h2>
      {entries.length === 0 ? (
        <p className="soft">{t('deal.done.noPoints')}</p>
      ) : (
        <ul className={`list ${styles.earned}`}>
          {entries.map((e) => (
            <li key={e.id}>
              <strong>{e.points > 0 ? '+' : ''}{count(e.points)}</strong>
              <span><b>{e.rule.title}</b><br /><span className="soft">{e.explanation}</span></span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

type Made = { url: string; code: string | null; mailed: boolean }

/** HandOver gives the customer the contract: by a link of their own as a QR code, or the PDF from this device. */
function HandOver({ id, deal, sent }: { id: string; deal: StepProps['deal']; sent: boolean }) {
  const { t } = useTranslation()
  const client = useClient()
  const connected = useStore(online)
  const pdf = usePaper(id)
  const [link, setLink] = useState<Made>()
  const [problem, setProblem] = useState('')
  const make = async () => {
    if (!deal.paper) return
    // Not through the outbox: the address and the code are kept nowhere, and are of use only now.
    const { data, error } = await client.mutation(CreateLink, { input: { contractId: deal.paper.contractId, idempotencyKey: uuidv7() } })
    const made = data?.createCustomerLink
    if (made?.url) return setLink({ url: made.url, code: made.code, mailed: made.mailed })
    setProblem(made?.userErrors[0]?.message ?? error?.graphQLErrors[0]?.message ?? t('deal.done.linkOffline'))
  }
  return (
    <section className="card stack">
      <h2>{t('deal.done.handOver', { name: deal.customerName })}</h2>
      {link ? (
        <div className={styles.code}>
          <Code text={link.url} label={t('deal.done.qr')} />
          <div className="stack grow">
            <p>{t('deal.done.scan')}</p>
            {link.code && <p>{t('deal.done.code')} <strong className="figure" data-testid="code">{link.code}</strong></p>}
            {link.mailed && <p className="soft">{t('deal.done.mailed')}</p>}
          </div>
        </div>
      ) : (
        <Button large wide isDisabled={!sent || !connected} onPress={() => void make()}>{t('deal.done.makeLink')}</Button>
      )}
      {pdf && <a className="button" href={pdf} download={`${deal.paper?.number ?? 'contract'}.pdf`}><Icon name="download" />{t('deal.done.download')}</a>}
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
    </section>
  )
}

/** Code draws a text as a QR code. */
function Code({ text, label }: { text: string; label: string }) {
  const qr = qrcode(0, 'M')
  qr.addData(text)
  qr.make()
  const size = qr.getModuleCount()
  let path = ''
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (qr.isDark(y, x)) path += `M${x} ${y}h1v1h-1z`
  return (
    <svg viewBox={`-2 -2 ${size + 4} ${size + 4}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  )
}
