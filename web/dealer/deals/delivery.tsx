import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { submit } from '@kit/outbox/outbox'
import { Button, SelectField, TextField } from '@kit/parts/controls'
import { Sheet } from '@kit/parts/sheet'
import { tell } from '@kit/parts/toasts'
import { graphql } from '../graphql'
import type { ContractDetail } from './contract'

const Carriers = graphql(`query Carriers { carriers { id name } }`)
const Request = graphql(`mutation RequestShipment($input: RequestShipmentInput!) { requestShipment(input: $input) { shipment { id version } userErrors { code field message } } }`)

const inSeoul = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul', year: 'numeric', month: '2-digit', day: '2-digit' })

/** Delivery asks a carrier to bring a signed contract's machines. */
export function Delivery({ contract: c, onClose }: { contract: ContractDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: Carriers })
  const [carrierId, setCarrier] = useState('')
  const [wantedOn, setDay] = useState(() => inSeoul.format(Date.now() + 3 * 86_400_000))
  const [serials, setSerials] = useState('')
  const [from, setFrom] = useState('')
  const [problem, setProblem] = useState<string>()
  const serialNumbers = serials.split(/[\s,]+/).filter(Boolean)
  const ask = async () => {
    const input = { contractId: c.id, carrierId, wantedOn, serialNumbers: serialNumbers.length > 0 ? serialNumbers : undefined, from: { name: c.dealer.name, phone: c.dealer.phone, address: from.trim() } }
    const outcome = await submit(Request, input, { chain: c.quote?.consultation?.id ?? c.id, label: 'outbox.shipment', subject: c.customer.name })
    if (outcome.state === 'refused' || outcome.state === 'conflict') return setProblem(outcome.problems[0]?.message)
    tell(outcome.state === 'sent' ? t('delivery.asked') : t('form.savedHere'))
    onClose()
  }
  return (
    <Sheet open onClose={onClose} title={t('delivery.title', { name: c.customer.name })}>
      <SelectField label={t('delivery.carrier')} value={carrierId} empty={t('consent.choose')} onChange={setCarrier} options={(data?.carriers ?? []).map((x) => ({ key: x.id, label: x.name }))} hint={t('delivery.consentHint')} />
      <TextField label={t('delivery.wantedOn')} type="date" value={wantedOn} onChange={setDay} />
      <TextField label={t('delivery.from')} hint={t('delivery.fromHint')} value={from} onChange={setFrom} required />
      <TextField label={t('delivery.serials')} hint={t('delivery.serialsHint', { n: c.quantity })} value={serials} onChange={setSerials} />
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <Button kind="primary" large wide isDisabled={!carrierId || !wantedOn || from.trim() === ''} onPress={() => void ask()}>{t('delivery.ask')}</Button>
    </Sheet>
  )
}
