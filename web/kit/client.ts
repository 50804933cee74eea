import { Client, type Exchange, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core'
import { authExchange } from '@urql/exchange-auth'
import { offlineExchange } from '@urql/exchange-graphcache'
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage'
import { createClient as createSocket } from 'graphql-ws'
import { fromPromise, fromValue, mergeMap, pipe } from 'wonka'
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

/** What is asked for by its id is found where a list has brought it: so that it can be opened without a network. */
const byId = Object.fromEntries(
  (['Customer', 'Product', 'Consultation', 'Quote', 'Contract'] as const).map((type) => [type.toLowerCase(), (_: unknown, { id }: { id?: unknown }) => (typeof id === 'string' ? { __typename: type, id } : null)]),
)

const storages = new Map<string, ReturnType<typeof makeDefaultStorage>>()

/** openStorage opens what this device remembers for a person; read is resolved once the cache knows it. */
function openStorage(userId: string) {
  let done = () => {}
  const read = new Promise<void>((resolve) => {
    done = resolve
  })
  const storage = makeDefaultStorage({ idbName: `dure-${app().name}-${userId}`, maxAge: 14, onCacheHydrated: done })
  storages.set(userId, storage)
  return { storage, read }
}

/**
 * afterReading holds operations back until what the device remembers is in the
 * cache: asked earlier, a question would find nothing there, and without a network
 * that would be its answer.
 */
function afterReading(read: Promise<void>): Exchange {
  let known = false
  void read.then(() => {
    known = true
  })
  return ({ forward }) => (operations) => forward(pipe(operations, mergeMap((o) => (known ? fromValue(o) : fromPromise(read.then(() => o))))))
}

/** forget removes what this device remembers of a person's data. */
export async function forget(userId: string) {
  await (storages.get(userId) ?? openStorage(userId).storage).clear()
}

/**
 * createClient makes the client of one signed-in person: reads come from what is
 * kept on the device and are refreshed by the network; without one, what is kept is the
 * answer, and is asked again later. Subscriptions reconnect by themselves.
 * Writes go through the outbox instead.
 */
export function createClient(userId: string): Client {
  const { storage, read } = openStorage(userId)
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
      afterReading(read),
      offlineExchange({ keys, resolvers: { Query: byId }, storage }),
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
