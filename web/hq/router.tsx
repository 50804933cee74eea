import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { OutboxPage } from '@kit/parts/outboxpage'
import { Frame } from './frame'
import { Wall } from './wall/wall'

const root = createRootRoute({ component: Frame })
const at = () => root

const screens = [
  createRoute({ getParentRoute: at, path: '/', component: Wall }),
  createRoute({ getParentRoute: at, path: '/dealers', component: lazyRouteComponent(() => import('./dealers/list'), 'Dealers') }),
  createRoute({ getParentRoute: at, path: '/dealers/$id', component: lazyRouteComponent(() => import('./dealers/dealer'), 'DealerPage') }),
  createRoute({ getParentRoute: at, path: '/deals', component: lazyRouteComponent(() => import('./deals/contracts'), 'Contracts') }),
  createRoute({ getParentRoute: at, path: '/deals/approvals', component: lazyRouteComponent(() => import('./deals/approvals'), 'Approvals') }),
  createRoute({ getParentRoute: at, path: '/customers', component: lazyRouteComponent(() => import('./customers/list'), 'Customers') }),
  createRoute({ getParentRoute: at, path: '/customers/$id', component: lazyRouteComponent(() => import('./customers/customer'), 'CustomerPage') }),
  createRoute({ getParentRoute: at, path: '/rules', component: lazyRouteComponent(() => import('./rules/rulebook'), 'RulebookPage') }),
  createRoute({ getParentRoute: at, path: '/outbox', component: OutboxPage }),
]

export const router = createRouter({ routeTree: root.addChildren(screens), basepath: '/hq', defaultPreload: 'intent', scrollRestoration: true })
