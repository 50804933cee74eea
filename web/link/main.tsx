import { setApp } from '@kit/app'
import { startLanguage } from '@kit/i18n'
import { startPreferences } from '@kit/preferences'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Page } from './page'
import en from './words/en.json'
import ko from './words/ko.json'
import '@kit/tokens.css'
import '@kit/parts/parts.css'

// The customer's link is one page for one contract: it mounts without the router,
// the cache and the outbox of the larger apps, so that it opens on a slow network.
setApp({ name: 'link', persona: 'CUSTOMER', base: '/c/' })
startPreferences()
await startLanguage({ ko, en })
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
)
