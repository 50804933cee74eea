// What a story does behind the screens: people who use the API.
import { randomUUID } from 'node:crypto'
import { password, url } from './browser.mjs'

/** caller signs somebody in and answers a function that asks as them; it throws what went wrong. */
export async function caller(login) {
  const ask = async (query, variables, token) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    })
    const body = await response.json()
    if (body.errors) throw new Error(JSON.stringify(body.errors))
    return body.data
  }
  const { signIn } = await ask('mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }', { input: { login, password } })
  return {
    ask: (query, variables) => ask(query, variables, signIn.accessToken),
    /** act runs the mutation of a field, whose input type bears its name, and answers its payload. */
    act: async (field, selection, input) => {
      const type = `${field[0].toUpperCase()}${field.slice(1)}Input`
      const text = `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { message } } }`
      const payload = (await ask(text, { input: { idempotencyKey: randomUUID(), ...input } }, signIn.accessToken))[field]
      if (payload.userErrors.length > 0) throw new Error(`${field}: ${payload.userErrors[0].message}`)
      return payload
    },
  }
}

/** signDeal takes a new farmer from the first word to the signature, as a dealer does; it answers the contract. */
export async function signDeal(dealer) {
  const { consentTexts, products } = await dealer.ask('{ consentTexts { id purpose } products { id } }')
  const text = (purpose) => consentTexts.find((t) => t.purpose === purpose).id
  const { customer } = await dealer.act('createCustomer', 'customer { id }', {
    name: '김논두렁', phone: `010-0000-${digits()}`, consentTextId: text('PERSONAL_DATA'), farm: { parcels: [{ pyeong: 3000, crop: 'RICE' }], crops: ['RICE'], terrain: 'FLAT' },
  })
  const { consultation } = await dealer.act('openConsultation', 'consultation { id }', { customerId: customer.id, needs: { crops: ['RICE'], purpose: '모내기 전에 바꾸고 싶어요', budget: 50_000_000 } })
  const { quote } = await dealer.act('issueQuote', 'quote { id }', { consultationId: consultation.id, lines: [{ productId: products[0].id, quantity: 1 }], discount: 100_000, valuePoints: ['논 3,000평에 알맞은 마력이에요'] })
  const { contract } = await dealer.act('draftContract', 'contract { id version evidence { sha256 } }', { quoteId: quote.id })
  const signed = await dealer.act('signContract', 'contract { id number total }', {
    contractId: contract.id, expectedVersion: contract.version, readSha256: contract.evidence.sha256, consentTextIds: [text('CONTRACT')],
    signature: { strokes: [[{ x: 10, y: 20 }, { x: 40, y: 60 }, { x: 90, y: 30 }]], width: 300, height: 120, signerName: '김논두렁' },
  })
  return signed.contract
}

const digits = () => String(Math.floor(1000 + Math.random() * 9000))
