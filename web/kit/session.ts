import { app } from './app'
import { graphql } from './graphql'
import { deviceId } from './ids'
import { send, textOf } from './send'
import { store } from './store'

/** Who is signed in on this device. The customer's link has no refresh token. */
export type Session = {
  accessToken: string
  refreshToken: string
  expiresAt: string
  persona: string
  userId: string
  name: string
  dealerId?: string
  dealerName?: string
}

/** The signed-in person, or null. */
export const session = store<Session | null>(null)

const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      accessToken
      refreshToken
      expiresAt
      viewer { persona user { id name } dealer { id name } }
      userErrors { code field message }
    }
  }
`)

const RefreshSession = graphql(`
  mutation RefreshSession($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      accessToken
      refreshToken
      expiresAt
      viewer { persona user { id name } dealer { id name } }
      userErrors { code field message }
    }
  }
`)

const SignOut = graphql(`
  mutation SignOut {
    signOut { signedOut userErrors { code field message } }
  }
`)

const place = () => `dure.${app().name}.session`

/** restoreSession reads who was signed in before the app was closed. */
export function restoreSession() {
  session.set(stored())
  // Another tab signed in or out, or turned the refresh token over.
  window.addEventListener('storage', (e) => {
    if (e.key === place()) session.set(stored())
  })
}

function stored(): Session | null {
  const text = localStorage.getItem(place())
  if (!text) return null
  try {
    return JSON.parse(text) as Session
  } catch {
    return null
  }
}

/** keepSession makes s the signed-in person of this app, or nobody. */
export function keepSession(s: Session | null) {
  if (s) localStorage.setItem(place(), JSON.stringify(s))
  else localStorage.removeItem(place())
  session.set(s)
}

/** Why somebody could not sign in: words to show, or another app's persona. */
export type Refusal = { message?: string; field?: string; lost?: boolean; persona?: string }

/** signIn opens a session; it answers null when all went well. */
export async function signIn(login: string, password: string): Promise<Refusal | null> {
  const answer = await send<{ signIn: SignInAnswer }>(textOf(SignIn), { input: { login, password, deviceId: deviceId() } })
  if (answer.lost) return { lost: true }
  const problem = answer.errors?.[0]?.message ?? answer.data?.signIn.userErrors[0]?.message
  const made = answer.data ? sessionOf(answer.data.signIn) : null
  if (!made) return { message: problem }
  if (made.persona !== app().persona) {
    await send(textOf(SignOut), {}, made.accessToken)
    return { persona: made.persona }
  }
  keepSession(made)
  return null
}

type SignInAnswer = {
  accessToken: string | null
  refreshToken: string | null
  expiresAt: string | null
  viewer: { persona: string; user: { id: string; name: string }; dealer: { id: string; name: string } | null } | null
  userErrors: { code: string; field: string | null; message: string }[]
}

function sessionOf(a: SignInAnswer): Session | null {
  if (!a.accessToken || !a.refreshToken || !a.expiresAt || !a.viewer) return null
  const { persona, user, dealer } = a.viewer
  return {
    accessToken: a.accessToken, refreshToken: a.refreshToken, expiresAt: a.expiresAt,
    persona, userId: user.id, name: user.name, dealerId: dealer?.id, dealerName: dealer?.name,
  }
}

/** signOut ends the session here, and on the server when it can be reached. */
export async function signOut() {
  const s = session.get()
  keepSession(null)
  if (s) await send(textOf(SignOut), {}, s.accessToken)
}

/** fresh tells whether the access token will still be good in half a minute. */
export function fresh(s: Session): boolean {
  return Date.parse(s.expiresAt) - Date.now() > 30_000
}

/**
 * refresh turns the refresh token over, once for all tabs, unless the access token is
 * still good. The server's word counts more than this device's clock: a token that it
 * refused is turned over even where it looks good. It answers the session that is good
 * now, or null: then nobody is signed in any more, unless there was no network, in
 * which case the session is kept for later.
 */
export async function refresh(refused?: string): Promise<Session | null> {
  return navigator.locks.request(`${place()}.refresh`, async () => {
    const now = stored()
    if (!now || (fresh(now) && now.accessToken !== refused)) {
      session.set(now)
      return now
    }
    if (!now.refreshToken) return null
    const answer = await send<{ refreshSession: SignInAnswer }>(textOf(RefreshSession), { input: { refreshToken: now.refreshToken } })
    if (answer.lost) return null
    // Somebody signed out, or another person in, while this was on its way.
    if (stored()?.userId !== now.userId) return null
    const made = answer.data ? sessionOf(answer.data.refreshSession) : null
    const over = answer.data?.refreshSession.userErrors.length || answer.errors?.some((e) => e.extensions?.code === 'UNAUTHENTICATED')
    if (made || over) keepSession(made)
    return made
  })
}

/** token returns a good access token, refreshing when it must; null without one. */
export async function token(): Promise<string | null> {
  const s = session.get()
  if (!s) return null
  if (fresh(s)) return s.accessToken
  return (await refresh())?.accessToken ?? null
}

/** tokenOf returns a good access token of one person; null when somebody else is signed in, or nobody. */
export async function tokenOf(userId: string): Promise<string | null> {
  const bearer = await token()
  const s = session.get()
  return s && s.userId === userId && s.accessToken === bearer ? bearer : null
}
