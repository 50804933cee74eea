import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { cropName } from '@kit/farm'
import { language } from '@kit/i18n'
import { area, manwon } from '@kit/i18n/format'
import { Button } from '@kit/parts/controls'
import { Icon } from '@kit/parts/icons'
import { Empty, Shown } from '@kit/parts/states'
import { Machines, type MachineOffer } from './catalogue'
import type { Offer } from './draft'
import { type Fit, fits, type Reason } from './fit'
import { StepFrame, type StepProps } from './frame'
import styles from './deal.module.css'

/** MachinesStep lays the machines that fit side by side, each with why. */
export function MachinesStep({ id, deal, change, go }: StepProps) {
  const { t } = useTranslation()
  const [result, retry] = useQuery({ query: Machines })
  const [all, setAll] = useState(false)
  const choose = (f: Fit<MachineOffer>) => {
    if (deal.offer?.productId !== f.machine.id) change({ offer: offerOf(f, t) })
    go('film')
  }
  return (
    <StepFrame id={id} step="machines" deal={deal} title={t('deal.machines.title')} lead={t('deal.machines.lead')}>
      <Shown result={result} retry={retry}>
        {({ products }) => {
          const ordered = fits(products, deal.needs)
          if (ordered.length === 0) return <Empty icon="tractor" title={t('deal.machines.none')} />
          const shown = all ? ordered : ordered.slice(0, 3)
          return (
            <>
              <ul className={styles.machines}>
                {shown.map((f, i) => (
                  <li key={f.machine.id} className={`card ${styles.machine}`} data-chosen={deal.offer?.productId === f.machine.id || undefined}>
                    {i === 0 && <p><span className="badge" data-tone="field">{t('deal.machines.best')}</span></p>}
                    <h2><span>{f.machine.name}</span><span className="soft small">{t('deal.machines.power', { hp: f.machine.horsepower })}</span></h2>
                    <p>{language() === 'ko' ? f.machine.summary : f.machine.summaryEn}</p>
                    <p className="large"><strong>{manwon(f.machine.listPrice)}</strong></p>
                    <ul className={styles.reasons} aria-label={t('deal.machines.why')}>
                      {f.reasons.map((r) => (
                        <li key={r.key + String(r.values.attachment ?? '')} data-against={r.good ? undefined : ''}><Icon name={r.good ? 'check' : 'warning'} />{say(r, t)}</li>
                      ))}
                    </ul>
                    <div className={styles.act}>
                      <Button kind={i === 0 ? 'primary' : 'plain'} wide large onPress={() => choose(f)} aria-label={t('deal.machines.chooseNamed', { name: f.machine.name })}>{t('deal.machines.choose')}</Button>
                    </div>
                  </li>
                ))}
              </ul>
              {!all && ordered.length > 3 && <Button wide onPress={() => setAll(true)}>{t('deal.machines.all', { count: ordered.length })}</Button>}
            </>
          )
        }}
      </Shown>
    </StepFrame>
  )
}

type Say = (key: string, values?: Record<string, string | number>) => string

/** say puts a reason into words. */
export function say({ key, values: v }: Reason, t: Say): string {
  return t(`deal.why.${key}`, {
    ...v,
    ...(v.crop ? { crop: cropName(String(v.crop)) } : {}), ...(v.terrain ? { terrain: t(`kit:terrain.${v.terrain}`) } : {}),
    ...(v.won !== undefined ? { won: manwon(Number(v.won)) } : {}), ...(v.squareMetres ? { area: area(Number(v.squareMetres)) } : {}),
  })
}

/** offerOf begins an offer on a machine, its good reasons being the first value points. */
function offerOf(f: Fit<MachineOffer>, t: Say): Offer {
  return {
    productId: f.machine.id, optionIds: [], discount: 0, tradeInWhat: '', tradeInAmount: 0, valuePoints: f.reasons.filter((r) => r.good && r.key !== 'budget').map((r) => say(r, t)),
    programmeId: '', months: 0, downPayment: 0, delivery: '',
  }
}
