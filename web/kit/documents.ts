import type { DocumentNode } from 'graphql'

/** Every GraphQL document of the app that is loaded, for the build to export. */
export const documents: DocumentNode[] = []

/** registered returns tag unchanged to its callers, noting down each document. */
export function registered<Tag extends (...args: never[]) => unknown>(tag: Tag): Tag {
  return Object.assign((...args: Parameters<Tag>) => {
    const document = tag(...args) as DocumentNode
    documents.push(document)
    return document
  }, tag) as unknown as Tag
}
