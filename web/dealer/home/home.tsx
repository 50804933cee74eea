import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { unsent } from '@kit/outbox/item'
import { items } from '@kit/outbox/outbox'
import { Icon } from '@kit/parts/icons'
import { useStore } from '@kit/store'
import { RankBanner } from '../banner/banner'
import { newDeal } from '../links'
import styles from './home.module.css'
import { OpenDeals } from './open'
import { NextSteps } from './steps'

/** Home answers what is worth doing now: the place, the three steps, what was begun, and one way to begin. */
export function Home() {
  const { t } = useTranslation()
  const waiting = unsent(useStore(items))
  return (
    <div className="stack" data-gap="3">
      <h1 className="hidden">{t('places.home')}</h1>
      <RankBanner />
      <Link to={newDeal()} className="button" data-kind="primary" data-large="" data-wide=""><Icon name="deal" />{t('home.begin')}</Link>
      {waiting > 0 && (
        <Link to="/outbox" className="card row" data-tone="amber" style={{ textDecoration: 'none' }}>
          <Icon name="cloud" /> <span className="grow">{t('home.unsent', { count: waiting })}</span> <Icon name="next" />
        </Link>
      )}
      <div className={styles.columns}>
        <NextSteps />
        <OpenDeals />
      </div>
    </div>
  )
}
