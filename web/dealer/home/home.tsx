import { useTranslation } from 'react-i18next'
import { RankBanner } from '../banner/banner'

/** Home answers what is worth doing now. */
export function Home() {
  const { t } = useTranslation()
  return (
    <div className="stack" data-gap="3">
      <h1 className="hidden">{t('places.home')}</h1>
      <RankBanner />
    </div>
  )
}
