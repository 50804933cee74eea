import { day, moment } from '@kit/i18n/format'
import { Icon } from '@kit/parts/icons'
import { useTranslation } from 'react-i18next'
import type { Contract } from './contract'
import styles from './link.module.css'

/** Delivery says where the machine is now, and how it came there. */
export function Delivery({ contract: c }: { contract: Contract }) {
  const { t } = useTranslation()
  const d = c.deliveries[0]
  if (!d) return null
  const over = d.status === 'DECLINED' || d.status === 'CANCELLED' || d.status === 'DELAYED'
  return (
    <section className="card stack" data-tone={d.deliveredAt ? 'field' : over ? 'amber' : 'sky'} aria-labelledby="delivery">
      <h2 id="delivery" className="row" data-gap="1"><Icon name="truck" /> {t(`delivery.status.${d.status}`)}</h2>
      <p>{d.deliveredAt ? t('delivery.handed', { when: moment(d.deliveredAt) }) : t('delivery.wanted', { day: day(d.wantedOn), carrier: d.carrierName })}</p>
      {d.events.length > 0 && (
        <ol className={styles.way}>
          {[...d.events].reverse().map((e) => <li key={e.id}><strong>{t(`delivery.status.${e.status}`)}</strong> <span className="small">{[moment(e.occurredAt), e.place, e.message].filter(Boolean).join(' · ')}</span></li>)}
        </ol>
      )}
      {d.serialNumbers.length > 0 && <p className="small">{t('delivery.serial', { numbers: d.serialNumbers.join(', ') })}</p>}
    </section>
  )
}
