import type { DocumentNode } from 'graphql'
import { formatDocument, stringifyDocument } from '@urql/core'
import { language } from './i18n'
import { reached } from './online'

/** A GraphQL error as it came over the wire. */
export type WireError = { message: string; extensions?: { code?: string; limit?: string } }

/** What one request came back with: data, or errors, or no answer at all. */
export type Answer<T> = { data?: T | null; errors?: WireError[]; lost?: boolean; status: number }

/** textOf is the document as it is sent, and as trusted documents know it. */
export function textOf(document: DocumentNode): string {
  return stringifyDocument(formatDocument(document))
}

/**
 * send posts one operation and waits for its answer. A network that fails, a
 * gateway's error and an answer that isn't GraphQL all come back as lost: nobody
 * knows then whether the server did it, and the same idempotency key may be sent again.
 */
export async function send<T>(text: string, variables: unknown, token?: string): Promise<Answer<T>> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    Accept: 'application/graphql-response+json, application/json;q=0.9',
    'Accept-Language': language(),
  }
  if (token) headers.Authorization = `Bearer ${token}`
  let response: Response
  try {
    response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: text, variables }), signal: AbortSignal.timeout(30_000) })
  } catch {
    reached(false)
    return { lost: true, status: 0 }
  }
  try {
    const body = (await response.json()) as { data?: T | null; errors?: WireError[] }
    if (!body || (body.data === undefined && !Array.isArray(body.errors))) return { lost: true, status: response.status }
    reached(true)
    return { ...body, status: response.status }
  } catch {
    return { lost: true, status: response.status }
  }
}
