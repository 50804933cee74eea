import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { day, moment, won } from '@kit/i18n/format'
import { submit } from '@kit/outbox/outbox'
import { useSent } from '@kit/outbox/sent'
import { Button, TextField } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { Sheet } from '@kit/parts/sheet'
import { Empty, Loading, Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { graphql } from '../graphql'
import { readContract } from '../links'
import { signed } from '../iq/days'
import { Facts } from './facts'
import { paperOf } from './paper'
import { tones } from './tones'
import styles from './deals.module.css'

const Handover = lazy(() => import('./handover').then((m) => ({ default: m.Handover })))
const Delivery = lazy(() => import('./delivery').then((m) => ({ default: m.Delivery })))

const Query = graphql(`
  query ContractPage($id: ID!) {
    contract(id: $id) {
      id number channel status version quantity listTotal discount total staffName draftedAt signedAt cancelledAt cancelReason
      customer { id name phone address }
      product { id name }
      quote { id consultation { id } }
      dealer { id name phone ownerName region { name } district { name } }
      evidence { sha256 url }
      ledgerEntries { id points explanation rule { key title } }
      financeApplications { id status amount lender { id name } stipulations { id status } }
      shipments { id status wantedOn carrier { id name } }
      customerLinks { id status madeAt expiresAt openedAt }
    }
  }
`)

const Cancel = graphql(`mutation CancelContract($input: CancelContractInput!) { cancelContract(input: $input) { contract { id version } userErrors { code field message } } }`)

export type ContractDetail = NonNullable<ResultOf<typeof Query>['contract']>

/** ContractPage is one contract: its paper, its points, its money and its delivery. */
export function ContractPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/contracts/$id' })
  const [result, refresh] = useQuery({ query: Query, variables: { id } })
  const again = () => refresh({ requestPolicy: 'network-only' })
  useSent(again)
  return (
    <Shown result={result} retry={again}>
      {({ contract }) => (contract ? <Contract contract={contract} /> : <Empty title={t('deals.gone')}>{t('deals.goneHint')}</Empty>)}
    </Shown>
  )
}

function Contract({ contract: c }: { contract: ContractDetail }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'paper' | 'cancel' | 'link' | 'delivery'>()
  const close = () => setOpen(undefined)
  const stands = c.shipments.some((s) => s.status !== 'DECLINED' && s.status !== 'CANCELLED')
  return (
    <div className="stack" data-gap="3">
      <header className="stack" data-gap="1">
        <p className="soft">{t('deals.contract')} {c.number} · {t(`kit:status.channel.${c.channel}`)}</p>
        <div className="row" data-apart="">
          <h1><Link to="/customers/$id" params={{ id: c.customer.id }}>{c.customer.name}</Link> · {c.product.name}</h1>
          <span className="badge" data-tone={tones[c.status]}>{t(`kit:status.contract.${c.status}`)}</span>
        </div>
        <div className="row" data-noprint="">
          {c.status === 'DRAFT' && c.quote?.consultation && <Link to={readContract(c.quote.consultation.id, c.id)} className="button" data-kind="primary" data-large=""><Icon name="pen" />{t('deals.sign')}</Link>}
          {c.evidence && <Button large kind={c.status === 'DRAFT' ? 'plain' : 'primary'} icon="deal" onPress={() => setOpen('paper')}>{t('deals.paper')}</Button>}
          {c.status !== 'CANCELLED' && c.channel === 'DIGITAL' && <Button large icon="phone" onPress={() => setOpen('link')}>{t('handover.open')}</Button>}
          {c.status === 'SIGNED' && !stands && <Button large icon="truck" onPress={() => setOpen('delivery')}>{t('delivery.open')}</Button>}
        </div>
      </header>
      <div className={styles.columns}>
        <div className="stack" data-gap="3">
          <section className="card stack">
            <p><span className="figure">{won(c.total)}</span></p>
            <Facts of={[
              [t('deals.listTotal'), won(c.listTotal)],
              c.discount > 0 && [t('deals.discount'), won(c.discount)],
              [t('deals.quantity'), t('deals.machines', { n: c.quantity })],
              [t('deals.staff'), c.staffName],
              c.signedAt ? [t('deals.signedAt'), moment(c.signedAt)] : [t('deals.draftedAt'), moment(c.draftedAt)],
              Boolean(c.cancelledAt) && [t('deals.cancelledAt'), `${moment(c.cancelledAt!)} · ${c.cancelReason}`],
            ]} />
            {c.status !== 'CANCELLED' && <div data-noprint=""><Button kind="danger" onPress={() => setOpen('cancel')}>{t('deals.cancel')}</Button></div>}
          </section>
          <Money contract={c} />
        </div>
        <Points contract={c} />
      </div>
      {open === 'paper' && <Paper contract={c} onClose={close} />}
      {open === 'cancel' && <Cancellation contract={c} onClose={close} />}
      <Suspense fallback={null}>
        {open === 'link' && <Handover contract={c} onClose={close} />}
        {open === 'delivery' && <Delivery contract={c} onClose={close} />}
      </Suspense>
    </div>
  )
}

function Money({ contract: c }: { contract: ContractDetail }) {
  const { t } = useTranslation()
  if (c.financeApplications.length + c.shipments.length === 0) return null
  return (
    <section className="stack" data-gap="1">
      <h2>{t('deals.after')}</h2>
      <ul className="list">
        {c.financeApplications.map((a) => (
          <li key={a.id}>
            <Link to="/finance/$id" params={{ id: a.id }} className="listrow">
              <span><strong>{a.lender.name}</strong><span className={styles.line}>{won(a.amount)}</span></span>
              {a.stipulations.some((s) => s.status === 'WANTED') && <span className="badge" data-tone="amber">{t('deals.wantedShort')}</span>}
              <span className="badge" data-tone={tones[a.status]}>{t(`kit:status.application.${a.status}`)}</span>
              <Icon name="next" />
            </Link>
          </li>
        ))}
        {c.shipments.map((s) => (
          <li key={s.id}>
            <Link to="/shipments/$id" params={{ id: s.id }} className="listrow">
              <span><strong>{s.carrier.name}</strong><span className={styles.line}>{t('deals.wantedOn', { day: day(`${s.wantedOn}T00:00:00+09:00`) })}</span></span>
              <span className="badge" data-tone={tones[s.status]}>{t(`kit:status.shipment.${s.status}`)}</span>
              <Icon name="next" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Points({ contract: c }: { contract: ContractDetail }) {
  const { t } = useTranslation()
  return (
    <section className="card stack">
      <h2>{t('deals.earned')}</h2>
      {c.ledgerEntries.length === 0 ? <p className="soft">{t(c.channel === 'PAPER' ? 'deals.paperEarnsNone' : 'deals.earnsLater')}</p> : (
        <ul className="list">{c.ledgerEntries.map((e) => <li key={e.id} className="listrow" data-plain=""><span><strong>{e.rule.title}</strong><span className={styles.line}>{e.explanation}</span></span><strong>{signed(e.points)}</strong></li>)}</ul>
      )}
    </section>
  )
}

/** Paper shows the very PDF that was, or will be, signed. */
function Paper({ contract: c, onClose }: { contract: ContractDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const [url, setUrl] = useState<string | null>()
  const from = c.evidence?.url
  useEffect(() => {
    let mine: string | null = null
    let gone = false
    if (from) void paperOf(from).then((u) => {
      mine = u
      if (gone && u) URL.revokeObjectURL(u)
      else setUrl(u)
    })
    return () => {
      gone = true
      if (mine) URL.revokeObjectURL(mine)
    }
  }, [from])
  return (
    <Sheet open onClose={onClose} title={`${t('deals.contract')} ${c.number}`}>
      <p className="soft">{t(c.status === 'DRAFT' ? 'deals.paperDraft' : 'deals.paperSigned')}</p>
      {url === undefined && <Loading lines={2} />}
      {url === null && <p className="card" data-tone="amber" role="alert">{t('deals.paperAway')}</p>}
      {url && (
        <div className="stack">
          <a className="button" data-kind="primary" data-large="" data-wide="" href={url} target="_blank" rel="noreferrer"><Icon name="deal" />{t('deals.paperOpen')}</a>
          <a className="button" data-large="" data-wide="" href={url} download={`${c.number}.pdf`}><Icon name="download" />{t('deals.download')}</a>
        </div>
      )}
      {c.evidence && <p className={`soft ${styles.break}`}>{t('deals.seal')} {c.evidence.sha256}</p>}
    </Sheet>
  )
}

function Cancellation({ contract: c, onClose }: { contract: ContractDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const cancel = async () => {
    const outcome = await submit(Cancel, { contractId: c.id, expectedVersion: c.version, reason: reason.trim(), occurredAt: new Date().toISOString() }, { chain: c.quote?.consultation?.id ?? c.id, label: 'outbox.cancellation', subject: c.customer.name })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    tell(outcome.state === 'sent' ? t('deals.cancelled') : t('form.savedHere'))
    onClose()
  }
  return (
    <Sheet open onClose={onClose} title={t('deals.cancelTitle')} alert>
      <p>{t('deals.cancelHint')}</p>
      <TextField label={t('deals.cancelReason')} value={reason} onChange={setReason} rows={3} required problem={problem} />
      <div className="row">
        <Button large onPress={onClose}>{t('deals.keep')}</Button>
        <div className="grow"><Button large wide kind="danger" isDisabled={reason.trim() === ''} onPress={() => void cancel()}>{t('deals.cancel')}</Button></div>
      </div>
    </Sheet>
  )
}
