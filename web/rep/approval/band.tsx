import { percent, won } from '@kit/i18n/format'
import { useTranslation } from 'react-i18next'
import styles from './approval.module.css'

/** DiscountBand draws a discount against the largest that needs nobody, and says by how much it is over. */
export function DiscountBand({ listTotal, discount, discountBp, bandBp }: { listTotal: number; discount: number; discountBp: number; bandBp: number }) {
  const { t } = useTranslation()
  const reach = Math.max(discountBp, bandBp) * 1.25 || 1
  const limit = Math.floor((listTotal * bandBp) / 10_000)
  const over = discount - limit
  return (
    <section className="card stack" aria-label={t('band.label')}>
      <div className="row" data-apart="">
        <p><span className="figure">{percent(discountBp)}</span> <span className="soft">{won(discount)}</span></p>
        {over > 0 && <span className="badge" data-tone="brick">{t('band.over', { points: percent(discountBp - bandBp) })}</span>}
      </div>
      <div className={styles.bar} aria-hidden="true">
        <span className={styles.within} style={{ width: `${(Math.min(bandBp, discountBp) / reach) * 100}%` }} />
        {over > 0 && <span className={styles.beyond} style={{ width: `${((discountBp - bandBp) / reach) * 100}%` }} />}
        <span className={styles.limit} style={{ insetInlineStart: `${(bandBp / reach) * 100}%` }} />
      </div>
      <p>{over > 0 ? t('band.meaning', { band: percent(bandBp), limit: won(limit), over: won(over) }) : t('band.inside', { band: percent(bandBp), limit: won(limit) })}</p>
    </section>
  )
}
