import { type Place, Shell } from '@kit/parts/shell'
import { useTranslation } from 'react-i18next'

/** Frame holds the dealer's five places around every screen. */
export function Frame() {
  const { t } = useTranslation()
  const places: Place[] = [
    { to: '/', label: t('places.home'), icon: 'home', exact: true },
    { to: '/customers', label: t('places.customers'), icon: 'people' },
    { to: '/deals', label: t('places.deals'), icon: 'deal' },
    { to: '/iq', label: t('places.iq'), icon: 'trophy' },
    { to: '/more', label: t('places.more'), icon: 'more' },
  ]
  return <Shell places={places} title={t('title')} />
}
