import { initGraphQLTada } from 'gql.tada'
import { registered } from '@kit/documents'
import type { Scalars } from '@kit/graphql'
import type { introspection } from './schema'

/** graphql types an operation by the schema that this app's persona sees. */
export const graphql = registered(initGraphQLTada<{ introspection: introspection; scalars: Scalars }>())
