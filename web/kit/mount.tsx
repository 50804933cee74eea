import { type AnyRouter, RouterProvider } from '@tanstack/react-router'
import { type ReactNode, StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Provider } from 'urql'
import { type App, setApp } from './app'
import { createClient } from './client'
import { type Language, startLanguage } from './i18n'
import { startOutbox } from './outbox/outbox'
import { Toasts } from './parts/toasts'
import { startPreferences } from './preferences'
import { restoreSession, session } from './session'
import { useStore } from './store'
import { startWorker } from './update'
import './tokens.css'
import './parts/parts.css'

type Start = { app: App; words: Record<Language, Record<string, unknown>>; router: AnyRouter; door: () => ReactNode }

/** mount starts an app: who it is, its words, its screens, and its door for whoever isn't signed in. */
export async function mount({ app, words, router, door }: Start) {
  setApp(app)
  startPreferences()
  await startLanguage(words)
  restoreSession()
  await startOutbox()
  startWorker()
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <Root router={router} door={door} />
    </StrictMode>,
  )
}

function Root({ router, door: Door }: { router: AnyRouter; door: () => ReactNode }) {
  const userId = useStore(session)?.userId
  const client = useMemo(() => (userId ? createClient(userId) : null), [userId])
  const { i18n } = useTranslation()
  return (
    <I18nProvider locale={i18n.language === 'en' ? 'en-GB' : 'ko-KR'}>
      {client ? (
        <Provider value={client}>
          <RouterProvider router={router} />
        </Provider>
      ) : (
        <Door />
      )}
      <Toasts />
    </I18nProvider>
  )
}
