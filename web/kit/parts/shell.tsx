import { Link, Outlet } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Switch } from 'react-aria-components'
import { app } from '../app'
import { forget } from '../client'
import { language, speak } from '../i18n'
import { items } from '../outbox/outbox'
import { unsent } from '../outbox/item'
import { senior } from '../preferences'
import { session, signOut } from '../session'
import { useStore } from '../store'
import { Button } from './controls'
import { Icon, type IconName, Mark } from './icons'
import { Sheet } from './sheet'
import { OfflineStrip, UpdateStrip } from './strips'

/** One place of the navigation; five at most. */
export type Place = { to: string; label: string; icon: IconName; exact?: boolean; dot?: number }

/** Shell is the frame of every screen: mark, what has not been sent, the menu, the places. */
export function Shell({ places, title, tools }: { places: Place[]; title: string; tools?: ReactNode }) {
  const { t } = useTranslation()
  const [menu, setMenu] = useState(false)
  return (
    <div className="shell">
      <a className="hidden" href="#main">{t('kit:skip')}</a>
      <header className="top">
        <UpdateStrip />
        <OfflineStrip />
        <div>
          <Link to="/" className="mark"><Mark /> {title}</Link>
          <span className="grow" />
          <Unsent />
          {tools}
          <Button kind="quiet" icon="settings" aria-label={t('kit:menu.open')} onPress={() => setMenu(true)} />
        </div>
      </header>
      <nav className="tabs" aria-label={t('kit:places')}>
        {places.map((p) => (
          <Link key={p.to} to={p.to} className="tab" activeOptions={{ exact: p.exact ?? false }}>
            <Icon name={p.icon} />
            {p.label}
            {p.dot ? <span className="dot">{p.dot}</span> : null}
          </Link>
        ))}
      </nav>
      <main className="main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Menu open={menu} onClose={() => setMenu(false)} />
    </div>
  )
}

/** Unsent counts what waits on the device, and leads to it. */
function Unsent() {
  const { t } = useTranslation()
  const waiting = unsent(useStore(items))
  if (waiting === 0) return null
  return (
    <Link to="/outbox" className="badge" data-tone="amber" style={{ minHeight: 'var(--touch)', textDecoration: 'none', paddingInline: '1rem' }}>
      <Icon name="cloud" /> {t('kit:unsent', { count: waiting })}
    </Link>
  )
}

function Menu({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const person = useStore(session)
  const large = useStore(senior)
  const [sure, setSure] = useState(false)
  const waiting = unsent(useStore(items))
  const leave = async () => {
    const userId = person?.userId
    await signOut()
    if (userId) await forget(userId)
    location.assign(app().base)
  }
  return (
    <Sheet open={open} onClose={() => { setSure(false); onClose() }} title={person?.name ?? t('kit:menu.title')}>
      {person?.dealerName && <p className="soft">{person.dealerName}</p>}
      <div className="row" data-apart="">
        <span>{t('kit:menu.language')}</span>
        <div className="row" data-gap="1">
          <Button kind={language() === 'ko' ? 'primary' : 'plain'} onPress={() => void speak('ko')}>한국어</Button>
          <Button kind={language() === 'en' ? 'primary' : 'plain'} onPress={() => void speak('en')}>English</Button>
        </div>
      </div>
      <Switch className="switch" isSelected={large} onChange={(on) => senior.set(on)}>
        <span>{t('kit:menu.senior')}</span>
        <span className="knob" aria-hidden="true" />
      </Switch>
      {sure ? (
        <div className="card stack" data-tone="amber" role="alert">
          <p>{t('kit:menu.unsentWarning', { count: waiting })}</p>
          <Button kind="danger" wide onPress={() => void leave()}>{t('kit:menu.signOutAnyway')}</Button>
        </div>
      ) : (
        <Button wide onPress={() => (waiting > 0 ? setSure(true) : void leave())}>{t('kit:menu.signOut')}</Button>
      )}
    </Sheet>
  )
}
