import type { TypedDocumentNode } from '@urql/core'
import { useEffect, useState } from 'react'
import { useClient } from 'urql'

type Page<T> = { nodes: T[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

/** What is read of a long list so far; done when nothing more comes. */
export type Read<T> = { rows: T[]; done: boolean; failed: boolean }

/** usePages reads a whole list, a page after the other, and shows what has come. A new key begins anew. */
export function usePages<Data, Variables extends { after?: string | null }, T>(document: TypedDocumentNode<Data, Variables>, variables: Omit<Variables, 'after'>, pageOf: (data: Data) => Page<T>, key = ''): Read<T> {
  const client = useClient()
  const [read, setRead] = useState<Read<T>>({ rows: [], done: false, failed: false })
  useEffect(() => {
    let gone = false
    const run = async () => {
      const rows: T[] = []
      let after: string | null = null
      do {
        const result = await client.query(document, { ...variables, after } as Variables, { requestPolicy: 'network-only' }).toPromise()
        if (gone) return
        if (!result.data) {
          setRead({ rows: [...rows], done: true, failed: true })
          return
        }
        const page: Page<T> = pageOf(result.data)
        rows.push(...page.nodes)
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
        setRead({ rows: [...rows], done: after === null, failed: false })
      } while (after !== null)
    }
    void run()
    return () => {
      gone = true
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key stands for the variables
  }, [client, document, key])
  return read
}
