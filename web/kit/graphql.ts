import { initGraphQLTada } from 'gql.tada'
import { registered } from './documents'
import type { introspection } from './schema'

/** Scalars as they travel: times and dates are texts, won is a whole number. */
export type Scalars = { DateTime: string; Date: string; Won: number; BoardVersion: string; Facts: unknown; ID: string }

/** graphql types the operations that every app shares, over the whole schema. */
export const graphql = registered(initGraphQLTada<{ introspection: introspection; scalars: Scalars }>())

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada'
export { readFragment } from 'gql.tada'
