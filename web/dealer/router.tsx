import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Frame } from './frame'
import { Home } from './home/home'

const root = createRootRoute({ component: Frame })
const at = <Path extends string>(path: Path, component: Parameters<typeof createRoute>[0]['component']) => createRoute({ getParentRoute: () => root, path, component })

const routes = [
  at('/', Home),
  at('/outbox', lazyRouteComponent(() => import('./home/outbox'), 'Outbox')),
  at('/customers', lazyRouteComponent(() => import('./customers/list'), 'CustomerList')),
  at('/customers/new', lazyRouteComponent(() => import('./customers/new'), 'NewCustomer')),
  at('/customers/$id', lazyRouteComponent(() => import('./customers/customer'), 'CustomerPage')),
  at('/customers/$id/edit', lazyRouteComponent(() => import('./customers/edit'), 'EditCustomer')),
  at('/deal/new', lazyRouteComponent(() => import('./deal/begin'), 'BeginDeal')),
  at('/deal/$deal', lazyRouteComponent(() => import('./deal/page'), 'DealPage')),
  at('/deal/$deal/$step', lazyRouteComponent(() => import('./deal/page'), 'StepPage')),
] as const

export const router = createRouter({ routeTree: root.addChildren(routes), basepath: '/dealer', defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
