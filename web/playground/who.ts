/** A person of the demo world, with what signs them in. */
export type DemoLogin = { login: string; password: string; ko: string; en: string }

/** Whose eyes the schema is seen through; a pasted token cannot be renewed. */
export type Who = { name: string; login?: string; accessToken: string; refreshToken?: string; expiresAt?: string }

type Answer = { accessToken: string | null; refreshToken: string | null; expiresAt: string | null; viewer: { user: { name: string } } | null; userErrors: { message: string }[] }

/** demo lists who there is to try the API as; outside demo mode there is nobody. */
export async function demo(): Promise<DemoLogin[]> {
  try {
    const answer = await fetch('/playground/demo.json')
    return answer.ok ? ((await answer.json()) as DemoLogin[]) : []
  } catch {
    return []
  }
}

/** A refusal in the server's words; without words the server was not reached. */
export class Refused extends Error {}

const fields = 'accessToken refreshToken expiresAt viewer { user { name } } userErrors { message }'

/** enter signs somebody in. It throws Refused. */
export async function enter(login: string, password: string, language: string): Promise<Who> {
  const answer = await post(`mutation SignIn($input: SignInInput!) { answer: signIn(input: $input) { ${fields} } }`, { login, password }, language)
  return { ...whoOf(answer), login }
}

/** current returns who with a token that is still good, renewed where it must be. */
export async function current(who: Who, language: string): Promise<Who> {
  if (!who.refreshToken || !who.expiresAt || Date.parse(who.expiresAt) - Date.now() > 30_000) return who
  const answer = await post(`mutation Refresh($input: RefreshSessionInput!) { answer: refreshSession(input: $input) { ${fields} } }`, { refreshToken: who.refreshToken }, language)
  return { ...whoOf(answer), login: who.login }
}

function whoOf(a: Answer): Who {
  if (!a.accessToken) throw new Refused(a.userErrors[0]?.message)
  return { name: a.viewer?.user.name ?? '', accessToken: a.accessToken, refreshToken: a.refreshToken ?? undefined, expiresAt: a.expiresAt ?? undefined }
}

async function post(query: string, input: Record<string, string>, language: string): Promise<Answer> {
  let body: { data?: { answer: Answer }; errors?: { message: string }[] }
  try {
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json', 'Accept-Language': language },
      body: JSON.stringify({ query, variables: { input } }),
    })
    body = await answer.json()
  } catch {
    throw new Refused()
  }
  if (!body.data) throw new Refused(body.errors?.[0]?.message)
  return body.data.answer
}
