import { type Place, Shell } from '@kit/parts/shell'
import { VoiceButton } from '@kit/voice/button'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'

/** Frame holds the dealer's five places around every screen. */
export function Frame() {
  const { t } = useTranslation()
  usePrefetch()
  const places: Place[] = [
    { to: '/', label: t('places.home'), icon: 'home', exact: true },
    { to: '/customers', label: t('places.customers'), icon: 'people' },
    { to: '/deals', label: t('places.deals'), icon: 'deal' },
    { to: '/iq', label: t('places.iq'), icon: 'trophy' },
    { to: '/more', label: t('places.more'), icon: 'more' },
  ]
  return <Shell places={places} title={t('title')} tools={<VoiceButton />} />
}

/** usePrefetch brings what a deal needs onto the device once the first screen stands. */
function usePrefetch() {
  const client = useClient()
  useEffect(() => {
    const timer = setTimeout(() => void import('./deal/catalogue').then(({ prefetch }) => prefetch(client)).catch(() => undefined), 1_500)
    return () => clearTimeout(timer)
  }, [client])
}
