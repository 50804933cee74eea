import { type Place, Shell } from '@kit/parts/shell'
import { useTranslation } from 'react-i18next'

/** Frame holds the rep's places around every screen. */
export function Frame() {
  const { t } = useTranslation()
  const places: Place[] = [
    { to: '/', label: t('places.needs'), icon: 'bell', exact: true },
    { to: '/dealers', label: t('places.dealers'), icon: 'map' },
    { to: '/board', label: t('places.board'), icon: 'trophy' },
  ]
  return <Shell places={places} title={t('title')} />
}
