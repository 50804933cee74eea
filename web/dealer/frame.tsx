import { type Place, Shell } from '@kit/parts/shell'
import { useTranslation } from 'react-i18next'

/** Frame holds the dealer's places around every screen. */
export function Frame() {
  const { t } = useTranslation()
  const places: Place[] = [{ to: '/', label: t('places.home'), icon: 'home', exact: true }]
  return <Shell places={places} title={t('title')} />
}
