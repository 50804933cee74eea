/** A file that goes ahead of a mutation: where it is handed in, and the field of the input that is to name it. */
export type Attached = { to: string; field: string; many?: boolean; blob: Blob }

/** What handing a file in came to. */
export type Handed = { sha256: string } | { problem: { code: string; field: string | null; message: string } } | 'lost'

/** handIn posts one file and answers the SHA-256 that the server keeps it by. A file may be handed in again: it is kept once. */
export async function handIn(file: Attached, bearer: string, language: string): Promise<Handed> {
  let answer: Response
  try {
    answer = await fetch(file.to, { method: 'POST', headers: { Authorization: `Bearer ${bearer}`, 'Accept-Language': language }, body: file.blob, signal: AbortSignal.timeout(120_000) })
  } catch {
    return 'lost'
  }
  const said = (await answer.json().catch(() => null)) as { sha256?: string; code?: string; message?: string } | null
  if (answer.ok && said?.sha256) return { sha256: said.sha256 }
  if (answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status) && said?.message) return { problem: { code: said.code ?? 'INVALID', field: null, message: said.message } }
  return 'lost'
}

/** named is a mutation's input with the files that were handed in named in their fields. */
export function named(input: Record<string, unknown>, files: Attached[], sums: string[]): Record<string, unknown> {
  const out = { ...input }
  files.forEach((f, i) => {
    out[f.field] = f.many ? [...((out[f.field] as string[] | undefined) ?? []), sums[i]] : sums[i]
  })
  return out
}
