import type { Client } from '@urql/core'
import type { ResultOf } from '@kit/graphql'
import { ConsentTexts, CustomersOnDevice } from '../customers/operations'
import { graphql } from '../graphql'
import './acts'
import { tidyPapers } from './pdf'

/** What a deal needs to know, asked for once and kept for the barn without a network. */
export const Machines = graphql(`
  query DealMachines {
    products { id name modelCode horsepower summary summaryEn crops listPrice options { id name nameEn price } }
  }
`)

export const Films = graphql(`
  query DealFilms($id: ID!) {
    product(id: $id) { id media { id kind url title durationSeconds chapters { atSecond title crop } } }
  }
`)

export const Programmes = graphql(`
  query DealProgrammes {
    financeProgrammes { id name rateBp termMonths maxShareBp lenderName }
  }
`)

export const Band = graphql(`
  query DealBand {
    viewer { user { id } dealer { id name phone region { code name nameEn discountBandBp } } }
  }
`)

export const Customer = graphql(`
  query DealCustomer($id: ID!) {
    customer(id: $id) { id name farm { crops squareMetres terrain attachments } consents { id purpose recipient } }
  }
`)

export type MachineOffer = ResultOf<typeof Machines>['products'][number]
export type Film = NonNullable<ResultOf<typeof Films>['product']>['media'][number]
export type Programme = ResultOf<typeof Programmes>['financeProgrammes'][number]

/**
 * prefetch brings what a deal needs onto the device, one question after another, so
 * that the whole of it can be done without a network later on.
 */
export async function prefetch(client: Client) {
  await tidyPapers()
  const ask = { requestPolicy: 'network-only' } as const
  const machines = await client.query(Machines, {}, ask)
  await client.query(Programmes, {}, ask)
  await client.query(ConsentTexts, {}, ask)
  await client.query(Band, {}, ask)
  await client.query(CustomersOnDevice, {}, ask)
  for (const machine of machines.data?.products ?? []) {
    const films = await client.query(Films, { id: machine.id }, ask)
    if (films.error) return
  }
  if (machines.data) document.documentElement.dataset.stocked = 'yes'
}
