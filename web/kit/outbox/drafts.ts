import { useCallback, useEffect, useRef, useState } from 'react'
import { session } from '../session'
import { database } from './database'

/** A piece of work that somebody has begun and not finished, such as a deal. */
export type Draft<T> = { id: string; kind: string; updatedAt: string; value: T }

/** saveDraft keeps a draft on the device; it is the person's own. */
export async function saveDraft<T>(id: string, kind: string, value: T) {
  const userId = session.get()?.userId ?? ''
  await (await database()).put('drafts', { id, userId, kind, updatedAt: new Date().toISOString(), value })
}

/** readDraft finds a draft of the signed-in person. */
export async function readDraft<T>(id: string): Promise<Draft<T> | undefined> {
  const draft = await (await database()).get('drafts', id)
  return draft?.userId === session.get()?.userId ? (draft as Draft<T> | undefined) : undefined
}

/** dropDraft forgets a draft. */
export async function dropDraft(id: string) {
  await (await database()).delete('drafts', id)
}

/** listDrafts lists the signed-in person's drafts of a kind, newest first. */
export async function listDrafts<T>(kind: string): Promise<Draft<T>[]> {
  const userId = session.get()?.userId
  const all = await (await database()).getAll('drafts')
  return all.filter((d) => d.userId === userId && d.kind === kind).sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)) as Draft<T>[]
}

/**
 * useDraft holds a draft in a component. Each change is on the device before the
 * next touch; what was there before the app was closed comes back. Until it is
 * read, ready is false and nothing may be shown as if it were empty.
 */
export function useDraft<T>(id: string, kind: string, empty: T): { value: T; ready: boolean; change: (part: Partial<T>) => void; drop: () => Promise<void> } {
  const [value, setValue] = useState(empty)
  const [ready, setReady] = useState(false)
  const latest = useRef(value)
  useEffect(() => {
    let gone = false
    void readDraft<T>(id).then((d) => {
      if (gone) return
      if (d) {
        latest.current = d.value
        setValue(d.value)
      }
      setReady(true)
    })
    return () => {
      gone = true
    }
  }, [id])
  const change = useCallback(
    (part: Partial<T>) => {
      latest.current = { ...latest.current, ...part }
      setValue(latest.current)
      void saveDraft(id, kind, latest.current)
    },
    [id, kind],
  )
  const drop = useCallback(() => dropDraft(id), [id])
  return { value, ready, change, drop }
}
