import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { ResultOf } from '@kit/graphql'
import { day, moment, phone } from '@kit/i18n/format'
import { submit } from '@kit/outbox/outbox'
import { useSent } from '@kit/outbox/sent'
import { Button, TextField } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { Sheet } from '@kit/parts/sheet'
import { Empty, Shown } from '@kit/parts/states'
import { tell } from '@kit/parts/toasts'
import { graphql } from '../graphql'
import { Facts } from './facts'
import { progressOf } from './progress'
import { tones } from './tones'
import styles from './deals.module.css'

const Query = graphql(`
  query ShipmentPage($id: ID!) {
    shipment(id: $id) {
      id status version wantedOn contractNumber quantity serialNumbers fromArea toArea reason requestedAt answeredAt closedAt
      carrier { id name } contract { id customer { id name } } to { name phone address }
      machines { productName quantity options }
      events { id status place message occurredAt }
      proof { serialNumbers serialMatches trained trainee receiver provedAt }
    }
  }
`)
const Cancel = graphql(`mutation CancelShipment($input: CancelShipmentInput!) { cancelShipment(input: $input) { shipment { id version } userErrors { code field message } } }`)

type Shipment = NonNullable<ResultOf<typeof Query>['shipment']>

/** ShipmentPage is one delivery: where the machines are on their way, and what proves that they came. */
export function ShipmentPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/shipments/$id' })
  const [result, refresh] = useQuery({ query: Query, variables: { id } })
  const again = () => refresh({ requestPolicy: 'network-only' })
  useSent(again)
  return (
    <Shown result={result} retry={again}>
      {({ shipment }) => (shipment ? <Way shipment={shipment} /> : <Empty icon="truck" title={t('deals.gone')}>{t('deals.goneHint')}</Empty>)}
    </Shown>
  )
}

function Way({ shipment: s }: { shipment: Shipment }) {
  const { t } = useTranslation()
  const [cancelling, setCancelling] = useState(false)
  const over = s.status === 'DELIVERED' || s.status === 'CANCELLED' || s.status === 'DECLINED'
  return (
    <div className="stack" data-gap="3">
      <header className="stack" data-gap="1">
        <p className="soft">{t('delivery.of')} · {s.carrier.name}</p>
        <div className="row" data-apart="">
          <h1>{s.contract && <><Link to="/customers/$id" params={{ id: s.contract.customer.id }}>{s.contract.customer.name}</Link> · </>}{s.machines[0]?.productName}</h1>
          <span className="badge" data-tone={tones[s.status]}>{t(`kit:status.shipment.${s.status}`)}</span>
        </div>
      </header>
      <div className={styles.columns}>
        <section className="card stack">
          <h2>{t('delivery.way')}</h2>
          <ol className={styles.steps}>
            {progressOf(s).map((p) => (
              <li key={p.key} data-done={p.done || undefined} data-late={p.status === 'DELAYED' || undefined} aria-current={p.current ? 'step' : undefined}>
                <span aria-hidden="true"><Icon name={p.status === 'DELAYED' ? 'warning' : p.done ? 'check' : 'clock'} /></span>
                <span><strong>{p.status === 'OFFERED' ? t('delivery.requested') : t(`kit:status.shipment.${p.status}`)}</strong><span className={styles.line}>{[p.at && moment(p.at), p.place, p.message].filter(Boolean).join(' · ')}</span></span>
              </li>
            ))}
          </ol>
          {s.reason && <p className="card" data-tone="amber">{s.reason}</p>}
        </section>
        <section className="card stack">
          <Facts of={[
            [t('delivery.wantedOn'), day(`${s.wantedOn}T00:00:00+09:00`)],
            [t('delivery.route'), `${s.fromArea} → ${s.toArea}`],
            s.to !== null && [t('delivery.to'), [s.to!.name, phone(s.to!.phone), s.to!.address].filter(Boolean).join(' · ')],
            [t('delivery.serials'), s.serialNumbers.join(', ') || t('kit:unknown')],
            s.contract !== null && [t('deals.contract'), <Link key="c" to="/contracts/$id" params={{ id: s.contract!.id }}>{s.contractNumber}</Link>],
            s.proof !== null && [t('delivery.receiver'), s.proof!.receiver],
            s.proof !== null && [t('delivery.training'), s.proof!.trained ? [t('kit:yes'), s.proof!.trainee].filter(Boolean).join(' · ') : t('kit:no')],
          ]} />
          {!over && <div><Button kind="danger" onPress={() => setCancelling(true)}>{t('delivery.cancel')}</Button></div>}
        </section>
      </div>
      {cancelling && <Cancellation shipment={s} onClose={() => setCancelling(false)} />}
    </div>
  )
}

function Cancellation({ shipment: s, onClose }: { shipment: Shipment; onClose: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const cancel = async () => {
    const outcome = await submit(Cancel, { shipmentId: s.id, expectedVersion: s.version, reason: reason.trim() }, { chain: s.id, label: 'outbox.shipmentCancelled', subject: s.contract?.customer.name ?? s.contractNumber })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    tell(outcome.state === 'sent' ? t('delivery.cancelled') : t('form.savedHere'))
    onClose()
  }
  return (
    <Sheet open onClose={onClose} title={t('delivery.cancel')} alert>
      <TextField label={t('delivery.cancelReason')} hint={t('delivery.cancelHint')} value={reason} onChange={setReason} rows={2} required problem={problem} />
      <Button large wide kind="danger" isDisabled={reason.trim() === ''} onPress={() => void cancel()}>{t('delivery.cancel')}</Button>
    </Sheet>
  )
}
