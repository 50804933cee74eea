// What a story needs to have happened before it begins, told to the API as an app would.
import { password, url } from './browser.mjs'

/** caller signs in and returns how to send operations as that person. */
export async function caller(login) {
  const { signIn } = await send('mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }', { input: { login, password } })
  return (query, variables) => send(query, variables, signIn.accessToken)
}

async function send(query, variables, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) }
  const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
  const problems = [...(answer.errors ?? []), ...Object.values(answer.data ?? {}).flatMap((v) => v?.userErrors ?? [])]
  if (problems.length > 0) throw new Error(problems.map((p) => p.message).join(' '))
  return answer.data
}

/** offer has a dealer talk to their newest customer and issue a quote with a discount; basis points of the list price. */
export async function offer(dealer, discountBp) {
  const { customers, products } = await dealer('{ customers(first: 1) { nodes { id name } } products { id listPrice } }')
  const customer = customers.nodes[0]
  const product = products[0]
  const { openConsultation } = await dealer('mutation ($input: OpenConsultationInput!) { openConsultation(input: $input) { consultation { id } userErrors { message } } }', {
    input: { customerId: customer.id, needs: { crops: ['RICE'], squareMetres: 20_000 } },
  })
  const { issueQuote } = await dealer('mutation ($input: IssueQuoteInput!) { issueQuote(input: $input) { quote { id number status version } userErrors { message } } }', {
    input: {
      consultationId: openConsultation.consultation.id, lines: [{ productId: product.id, quantity: 1 }],
      discount: Math.floor((product.listPrice * discountBp) / 10_000), valuePoints: ['논 6,000평에 알맞은 마력이에요'],
    },
  })
  return { quote: issueQuote.quote, customer, consultationId: openConsultation.consultation.id }
}

/** link has a dealer draft a contract from a quote and make the customer's link to it. */
export async function link(dealer, quoteId) {
  const { draftContract } = await dealer('mutation ($input: DraftContractInput!) { draftContract(input: $input) { contract { id number } userErrors { message } } }', { input: { quoteId } })
  const { createCustomerLink } = await dealer('mutation ($input: CreateCustomerLinkInput!) { createCustomerLink(input: $input) { url code link { id } userErrors { message } } }', { input: { contractId: draftContract.contract.id, codeBy: 'VOICE' } })
  return { ...createCustomerLink, contract: draftContract.contract, path: new URL(createCustomerLink.url).pathname }
}

/** signDeal takes a new farmer from the first word to the signature, as a dealer does; it answers the contract. */
export async function signDeal(dealer) {
  const act = async (field, selection, input) => {
    const type = `${field[0].toUpperCase()}${field.slice(1)}Input`
    return (await dealer(`mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { message } } }`, { input }))[field]
  }
  const { consentTexts, products } = await dealer('{ consentTexts { id purpose } products { id } }')
  const text = (purpose) => consentTexts.find((t) => t.purpose === purpose).id
  const { customer } = await act('createCustomer', 'customer { id }', {
    name: '김논두렁', phone: `010-0000-${Math.floor(1000 + Math.random() * 9000)}`, consentTextId: text('PERSONAL_DATA'),
    farm: { parcels: [{ pyeong: 3000, crop: 'RICE' }], crops: ['RICE'], terrain: 'FLAT' },
  })
  const { consultation } = await act('openConsultation', 'consultation { id }', { customerId: customer.id, needs: { crops: ['RICE'], purpose: '모내기 전에 바꾸고 싶어요', budget: 50_000_000 } })
  const { quote } = await act('issueQuote', 'quote { id }', { consultationId: consultation.id, lines: [{ productId: products[0].id, quantity: 1 }], discount: 100_000, valuePoints: ['논 3,000평에 알맞은 마력이에요'] })
  const { contract } = await act('draftContract', 'contract { id version evidence { sha256 } }', { quoteId: quote.id })
  const signed = await act('signContract', 'contract { id number total }', {
    contractId: contract.id, expectedVersion: contract.version, readSha256: contract.evidence.sha256, consentTextIds: [text('CONTRACT')],
    signature: { strokes: [[{ x: 10, y: 20 }, { x: 40, y: 60 }, { x: 90, y: 30 }]], width: 300, height: 120, signerName: '김논두렁' },
  })
  return signed.contract
}
