import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** DealTabs lead between the contracts and what waits for an approval. */
export function DealTabs() {
  const { t } = useTranslation()
  return (
    <nav className="row" data-gap="1" aria-label={t('places.deals')}>
      <Link to="/deals" activeOptions={{ exact: true }} className="button">{t('contracts.title')}</Link>
      <Link to="/deals/approvals" className="button">{t('approvals.title')}</Link>
    </nav>
  )
}
