import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '@kit/parts/icons'

const places: { to: string; key: string; icon: IconName }[] = [
  { to: '/board', key: 'board', icon: 'trophy' },
  { to: '/iq/rules', key: 'rules', icon: 'star' },
  { to: '/voices', key: 'voices', icon: 'voice' },
  { to: '/outbox', key: 'outbox', icon: 'cloud' },
]

/** More leads to what is wanted less often. */
export function More() {
  const { t } = useTranslation()
  return (
    <div className="stack">
      <h1>{t('places.more')}</h1>
      <ul className="list">
        {places.map((p) => (
          <li key={p.to}>
            <Link to={p.to} className="listrow">
              <Icon name={p.icon} />
              <span className="grow"><strong className="large">{t(`more.${p.key}.title`)}</strong><span className="soft small" style={{ display: 'block' }}>{t(`more.${p.key}.lead`)}</span></span>
              <Icon name="next" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
