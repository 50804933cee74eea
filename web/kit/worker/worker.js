// The app's service worker. The build puts BASE, VERSION and FILES before it.
// Everything the app is made of is kept when it is installed; a new version waits
// until the person takes it. Only the app's own files and the fonts are answered
// from here: the API, sign-in and people's files always go to the network.
const KEPT = `dure${BASE}${VERSION}`
const FONTS = 'dure-fonts'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES.map((url) => new Request(url, { cache: 'no-cache' })))))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith(`dure${BASE}`) && n !== KEPT).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const request = event.request
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (url.pathname.startsWith('/fonts/')) {
    event.respondWith(keptOrFetched(FONTS, request))
    return
  }
  if (!url.pathname.startsWith(BASE) && url.pathname !== BASE.slice(0, -1)) return
  if (request.mode === 'navigate') {
    event.respondWith(caches.open(KEPT).then((cache) => cache.match(BASE)).then((page) => page ?? fetch(request)))
    return
  }
  event.respondWith(caches.open(KEPT).then((cache) => cache.match(request)).then((file) => file ?? fetch(request)))
})

async function keptOrFetched(name, request) {
  const cache = await caches.open(name)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}

self.addEventListener('push', (event) => {
  const notice = event.data ? event.data.json() : {}
  event.waitUntil(self.registration.showNotification(notice.title ?? 'Dure', { body: notice.body, tag: notice.id, data: { url: notice.url ?? BASE }, icon: `${BASE}icon-192.png` }))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then((open) => {
      const here = open.find((c) => new URL(c.url).pathname.startsWith(BASE))
      if (here) return here.focus().then((c) => c.navigate(event.notification.data.url))
      return self.clients.openWindow(event.notification.data.url)
    }),
  )
})
