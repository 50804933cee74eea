import { useTranslation } from 'react-i18next'
import { online } from '../online'
import { useStore } from '../store'
import { update } from '../update'
import { Button } from './controls'
import { Icon } from './icons'

/** OfflineStrip says that the app works on without a network. */
export function OfflineStrip() {
  const { t } = useTranslation()
  if (useStore(online)) return null
  return (
    <div className="strip" role="status">
      <Icon name="offline" />
      {t('kit:offline')}
    </div>
  )
}

/** UpdateStrip offers the app's new version; it changes only when it is touched. */
export function UpdateStrip() {
  const { t } = useTranslation()
  const take = useStore(update)
  if (!take) return null
  return (
    <div className="strip" data-tone="sky" role="status">
      {t('kit:update.ready')}
      <Button onPress={take}>{t('kit:update.take')}</Button>
    </div>
  )
}
