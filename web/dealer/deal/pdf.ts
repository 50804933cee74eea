import { useEffect, useState } from 'react'
import { dropDraft, listDrafts, readDraft, saveDraft } from '@kit/outbox/drafts'
import { token } from '@kit/session'
import { paperOf } from './draft'

/**
 * keepPaper fetches the contract's PDF and keeps it on the device, so that it can be
 * read and signed without a network. It answers false, and keeps nothing, when it
 * cannot be fetched or its bytes are not those that the server fingerprinted.
 */
export async function keepPaper(id: string, url: string, sha256: string): Promise<boolean> {
  const bearer = await token()
  if (!bearer) return false
  try {
    const response = await fetch(url, { headers: { Authorization: `Bearer ${bearer}` } })
    if (!response.ok) return false
    const bytes = await response.arrayBuffer()
    if ((await fingerprint(bytes)) !== sha256) return false
    await saveDraft(paperOf(id), 'paper', new Blob([bytes], { type: 'application/pdf' }))
    return true
  } catch {
    return false
  }
}

/** fingerprint is the SHA-256 of bytes in hexadecimal. */
export async function fingerprint(bytes: ArrayBuffer): Promise<string> {
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (b) => b.toString(16).padStart(2, '0')).join('')
}

/** usePaper is where the kept PDF can be opened: undefined while it is read, null when it isn't on this device. */
export function usePaper(id: string): string | null | undefined {
  const [url, setUrl] = useState<string | null>()
  useEffect(() => {
    let made: string | undefined
    let gone = false
    void readDraft<Blob>(paperOf(id)).then((kept) => {
      if (gone) return
      made = kept && URL.createObjectURL(kept.value)
      setUrl(made ?? null)
    })
    return () => {
      gone = true
      if (made) URL.revokeObjectURL(made)
    }
  }, [id])
  return url
}

/** tidyPapers forgets the papers of deals that are done for more than a day: the server has them. */
export async function tidyPapers() {
  for (const paper of await listDrafts('paper')) {
    const old = Date.now() - Date.parse(paper.updatedAt) > 24 * 60 * 60 * 1000
    if (old && !(await readDraft(paper.id.replace('/paper', '')))) await dropDraft(paper.id)
  }
}
