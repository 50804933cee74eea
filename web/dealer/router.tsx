import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { kindOf } from './deals/kinds'
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
  createRoute({ getParentRoute: () => root, path: '/deals', component: lazyRouteComponent(() => import('./deals/lists'), 'Deals'), validateSearch: kindOf }),
  at('/quotes/$id', lazyRouteComponent(() => import('./deals/quote'), 'QuotePage')),
  at('/contracts/$id', lazyRouteComponent(() => import('./deals/contract'), 'ContractPage')),
  at('/finance/$id', lazyRouteComponent(() => import('./deals/finance'), 'FinancePage')),
  at('/shipments/$id', lazyRouteComponent(() => import('./deals/shipment'), 'ShipmentPage')),
  at('/iq', lazyRouteComponent(() => import('./iq/page'), 'MyIQ')),
  at('/iq/rules', lazyRouteComponent(() => import('./iq/rules'), 'Rules')),
  at('/board', lazyRouteComponent(() => import('./board/board'), 'Board')),
  at('/voices', lazyRouteComponent(() => import('@kit/voice/mine'), 'Voices')),
  at('/more', lazyRouteComponent(() => import('./home/more'), 'More')),
] as const

export const router = createRouter({ routeTree: root.addChildren(routes), basepath: '/dealer', defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
