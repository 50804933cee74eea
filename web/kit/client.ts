import { Client, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core'
import { authExchange } from '@urql/exchange-auth'
import { cacheExchange } from '@urql/exchange-graphcache'
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage'
import { createClient as createSocket } from 'graphql-ws'
import { app } from './app'
import { language } from './i18n'
import { reached } from './online'
import { fresh, refresh, session, token } from './session'

/** keyOf names a thing in the cache: by id, or regions by their code. */
function keyOf(data: { __typename?: string; id?: unknown; code?: unknown }): string | null {
  if (typeof data.id === 'string') return data.id
  if (data.__typename === 'Region' && typeof data.code === 'string') return data.code
  return null
}

/** Types without an id live in whatever holds them. */
const keys = new Proxy({} as Record<string, typeof keyOf>, { get: () => keyOf, has: () => true })

const storages = new Map<string, ReturnType<typeof makeDefaultStorage>>()

function storageOf(userId: string) {
  const name = `dure-${app().name}-${userId}`
  const kept = storages.get(name) ?? makeDefaultStorage({ idbName: name, maxAge: 14 })
  storages.set(name, kept)
  return kept
}

/** forget removes what this device remembers of a person's data. */
export async function forget(userId: string) {
  await storageOf(userId).clear()
}

/**
 * createClient makes the client of one signed-in person: reads come from what is
 * kept on the device and are refreshed by the network, subscriptions reconnect by themselves.
 * Writes go through the outbox instead.
 */
export function createClient(userId: string): Client {
  const socket = createSocket({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: true,
    keepAlive: 20_000,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    connectionParams: async () => ({ authorization: `Bearer ${(await token()) ?? ''}`, acceptLanguage: language() }),
    on: { connected: () => reached(true) },
  })
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: () => ({ headers: { 'Accept-Language': language() } }),
    exchanges: [
      cacheExchange({ keys, storage: storageOf(userId) }),
      mapExchange({
        onResult(result) {
          if (result.error?.networkError) reached(false)
          else if (result.data) reached(true)
        },
      }),
      authExchange(async (utilities) => ({
        addAuthToOperation(operation) {
          const s = session.get()
          return s ? utilities.appendHeaders(operation, { Authorization: `Bearer ${s.accessToken}` }) : operation
        },
        willAuthError: () => {
          const s = session.get()
          return s !== null && Date.parse(s.expiresAt) - Date.now() < 30_000
        },
        didAuthError: (error) => error.response?.status === 401 || error.graphQLErrors.some((e) => e.extensions?.code === 'UNAUTHENTICATED'),
        async refreshAuth() {
          const s = session.get()
          await refresh(s && fresh(s) ? s.accessToken : undefined)
        },
      })),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription(request) {
          return { subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }) }
        },
      }),
    ],
  })
}
