import { Button } from '@kit/parts/controls'
import { type Place, Shell } from '@kit/parts/shell'
import { useStore } from '@kit/store'
import { useTranslation } from 'react-i18next'
import { theme } from './theme'

/** Frame holds headquarters' places around every screen. */
export function Frame() {
  const { t } = useTranslation()
  const now = useStore(theme)
  const places: Place[] = [
    { to: '/', label: t('places.wall'), icon: 'chart', exact: true },
    { to: '/dealers', label: t('places.dealers'), icon: 'trophy' },
    { to: '/deals', label: t('places.deals'), icon: 'deal' },
    { to: '/customers', label: t('places.customers'), icon: 'people' },
    { to: '/rules', label: t('places.rules'), icon: 'star' },
  ]
  const other = now === 'day' ? 'night' : 'day'
  return <Shell places={places} title={t('title')} tools={<Button kind="quiet" onPress={() => theme.set(other)}>{t(`theme.${other}`)}</Button>} />
}
