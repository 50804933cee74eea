import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { OutboxPage } from '@kit/parts/outboxpage'
import { Frame } from './frame'
import { Home } from './screens/home'

const root = createRootRoute({ component: Frame })

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })
const outbox = createRoute({ getParentRoute: () => root, path: '/outbox', component: OutboxPage })
void lazyRouteComponent

export const router = createRouter({ routeTree: root.addChildren([home, outbox]), basepath: '/dealer', defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
