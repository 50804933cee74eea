import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { OutboxPage } from '@kit/parts/outboxpage'
import { Frame } from './frame'
import { Needs } from './needs/needs'

const root = createRootRoute({ component: Frame })

const needs = createRoute({ getParentRoute: () => root, path: '/', component: Needs })
const approval = createRoute({ getParentRoute: () => root, path: '/approvals/$quoteId', component: lazyRouteComponent(() => import('./approval/approval'), 'Approval') })
const dealers = createRoute({ getParentRoute: () => root, path: '/dealers', component: lazyRouteComponent(() => import('./dealers/dealers'), 'Dealers') })
const dealer = createRoute({ getParentRoute: () => root, path: '/dealers/$dealerId', component: lazyRouteComponent(() => import('./dealers/dealer'), 'DealerPage') })
const deal = createRoute({ getParentRoute: () => root, path: '/deals/$dealId', component: lazyRouteComponent(() => import('./deal/story'), 'Story') })
const board = createRoute({ getParentRoute: () => root, path: '/board', component: lazyRouteComponent(() => import('./board/board'), 'Board') })
const outbox = createRoute({ getParentRoute: () => root, path: '/outbox', component: OutboxPage })

export const router = createRouter({ routeTree: root.addChildren([needs, approval, dealers, dealer, deal, board, outbox]), basepath: '/rep', defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
