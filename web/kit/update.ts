import { app } from './app'
import { store } from './store'

/** How to change to the new version of the app, while one waits. */
export const update = store<(() => void) | null>(null)

/** startWorker registers the app's service worker; while it is developed there is none. */
export function startWorker() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  let taken = false
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (taken) location.reload()
  })
  void navigator.serviceWorker.register(`${app().base}sw.js`, { scope: app().base }).then((registration) => {
    const offer = () => {
      const waiting = registration.waiting
      if (waiting && navigator.serviceWorker.controller) {
        update.set(() => {
          taken = true
          waiting.postMessage('take over')
        })
      }
    }
    offer()
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', offer)
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
    })
  }, () => undefined)
}
