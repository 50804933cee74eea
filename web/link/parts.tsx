import { phone as written } from '@kit/i18n/format'
import { Icon, type IconName } from '@kit/parts/icons'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type PressProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> & { kind?: 'primary' | 'plain' | 'danger' | 'quiet'; large?: boolean; wide?: boolean; icon?: IconName }

/** Press is the kit's button without what the larger apps need of it. */
export function Press({ kind = 'plain', large, wide, icon, children, disabled, ...rest }: PressProps) {
  return (
    <button type="button" {...rest} disabled={disabled} data-disabled={disabled || undefined} className="button" data-kind={kind} data-large={large || undefined} data-wide={wide || undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** Call rings the dealer. */
export function Call({ name, phone, kind = 'plain' }: { name: string; phone: string; kind?: 'primary' | 'plain' }) {
  const { t } = useTranslation()
  if (!phone) return null
  return <a className="button" data-wide="" data-large="" data-kind={kind} href={`tel:${phone.replace(/[^\d+]/g, '')}`}><Icon name="phone" /> <span>{t('call', { name })} <br /><span className="small">{written(phone)}</span></span></a>
}

/** Said is a message that a screen reader hears at once. */
export function Said({ children }: { children: ReactNode }) {
  return <div role="alert">{children && <p className="card" data-tone="brick">{children}</p>}</div>
}
