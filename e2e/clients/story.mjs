// What every client below is asked to do: sign in, watch the banner, sign a
// contract, and see the banner move. A client brings run(operation) for one
// answer and watch(operation, onData) that returns a function to stop.
export const documents = {
  signIn: `mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { message } } }`,
  texts: `query Texts { consentTexts { id purpose } }`,
  products: `query Products { products { id media { id } } }`,
  customer: `mutation Customer($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } userErrors { message } } }`,
  open: `mutation Open($input: OpenConsultationInput!) { openConsultation(input: $input) { consultation { id } userErrors { message } } }`,
  quote: `mutation Quote($input: IssueQuoteInput!) { issueQuote(input: $input) { quote { id } userErrors { message } } }`,
  draft: `mutation Draft($input: DraftContractInput!) { draftContract(input: $input) { contract { id version evidence { sha256 } } userErrors { message } } }`,
  sign: `mutation Sign($input: SignContractInput!) { signContract(input: $input) { contract { id status ledgerEntries { id points } } userErrors { message } } }`,
  banner: `subscription Banner { rankBannerChanged { points rank of } }`,
};

export async function signIn(url) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: documents.signIn, variables: { input: { login: 'dealer@demo.dure', password: 'dure-demo' } } }),
  });
  return (await response.json()).data.signIn.accessToken;
}

function check(payload) {
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors));
  return payload;
}

export async function story(name, { run, watch }) {
  const points = [];
  let wake = () => {};
  const stop = watch('banner', (data) => {
    points.push(data.rankBannerChanged.points);
    wake();
  });
  const until = (what, done) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name}: nothing came while waiting for ${what}`)), 15_000);
      wake = () => {
        if (!done()) return;
        clearTimeout(timer);
        resolve();
      };
      wake();
    });
  await until('the first banner', () => points.length > 0);
  const before = points.at(-1);

  const texts = (await run('texts')).consentTexts;
  const text = (purpose) => texts.find((t) => t.purpose === purpose).id;
  const product = (await run('products')).products[0];
  const { customer } = check((await run('customer', { input: { name: `${name} 고객`, consentTextId: text('PERSONAL_DATA') } })).createCustomer);
  const { consultation } = check((await run('open', { input: { customerId: customer.id, needs: { crops: ['RICE'] } } })).openConsultation);
  const { quote } = check((await run('quote', {
    input: { consultationId: consultation.id, lines: [{ productId: product.id }], valuePoints: ['힘이 넉넉해요'] },
  })).issueQuote);
  const { contract } = check((await run('draft', { input: { quoteId: quote.id } })).draftContract);
  const signed = check((await run('sign', {
    input: {
      contractId: contract.id,
      expectedVersion: contract.version,
      readSha256: contract.evidence.sha256,
      consentTextIds: [text('CONTRACT')],
      signature: { strokes: [[{ x: 1, y: 1 }, { x: 50, y: 30 }]], width: 300, height: 100, signerName: name },
    },
  })).signContract).contract;
  if (signed.status !== 'SIGNED' || !signed.ledgerEntries.some((e) => e.points === 30)) {
    throw new Error(`${name}: ${JSON.stringify(signed)}`);
  }
  await until('the banner to move', () => points.at(-1) >= before + 30);
  await stop();
  console.log(`${name}: signed, and the banner moved from ${before} to ${points.at(-1)}`);
}
