import type { TypedDocumentNode } from '@urql/core'
import { deviceId } from '@kit/ids'
import { send, textOf, type WireError } from '@kit/send'
import { Open, type Problem } from './contract'

/** secret is what stands in the address after /c/. */
export const secret = decodeURIComponent(location.pathname.replace(/^\/c\//, '').replace(/\/$/, ''))

let token: { value: string; until: number } | null = null

/** What opening the link came to: in, or why not; lost when there was no answer. */
export type Opened = { in: true } | { in: false; lost?: boolean; problem?: Problem }

/** open opens the link in this browser: with the code the first time, without it afterwards. */
export async function open(code?: string): Promise<Opened> {
  const answer = await send<{ openCustomerLink: { accessToken: string | null; expiresAt: string | null; userErrors: Problem[] } }>(textOf(Open), { input: { secret, code, deviceId: deviceId() } })
  if (answer.lost) return { in: false, lost: true }
  const opened = answer.data?.openCustomerLink
  if (opened?.accessToken && opened.expiresAt) {
    token = { value: opened.accessToken, until: Date.parse(opened.expiresAt) }
    return { in: true }
  }
  return { in: false, problem: opened?.userErrors[0] ?? problemOf(answer.errors) }
}

/** What a request came to. */
export type Answered<Data> = { data?: Data; lost?: boolean; problem?: Problem }

/** ask sends an operation with a token that is good, opening the link again when it must. */
export async function ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Answered<Data>> {
  if (!token || token.until - Date.now() < 30_000) {
    const opened = await open()
    if (!opened.in) return { lost: opened.lost, problem: opened.problem }
  }
  const answer = await send<Data>(textOf(document), variables, token?.value)
  if (answer.lost) return { lost: true }
  if (answer.errors?.length || !answer.data) {
    token = null
    return { problem: problemOf(answer.errors) }
  }
  return { data: answer.data }
}

function problemOf(errors?: WireError[]): Problem {
  return { code: errors?.[0]?.extensions?.code ?? 'INTERNAL', field: null, message: errors?.[0]?.message ?? '', key: '' }
}

const dealerPlace = `dure.link.dealer.${secret.slice(0, 12)}`

/** keepDealer remembers whom to call, for when the link opens no more. */
export function keepDealer(name: string, phone: string) {
  localStorage.setItem(dealerPlace, JSON.stringify({ name, phone }))
}

/** dealer is whom to call, as far as this browser knows. */
export function dealer(): { name: string; phone: string } | null {
  try {
    return JSON.parse(localStorage.getItem(dealerPlace) ?? 'null') as { name: string; phone: string } | null
  } catch {
    return null
  }
}
