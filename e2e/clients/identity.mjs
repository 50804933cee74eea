// openid-client, a certified OpenID Connect client, against the built-in provider.
// Arguments: the address, a system with a secret (name, secret), and a system with a
// key of its own (name, file with the private key as a JWK).
import { readFile } from 'node:fs/promises';
import * as client from 'openid-client';

const [url, systemName, systemSecret, keyedName, keyFile] = process.argv.slice(2);
const plain = { execute: [client.allowInsecureRequests] }; // TLS ends in front of Dure

function expect(what, condition) {
  if (!condition) throw new Error(what);
  console.log(`ok ${what}`);
}

async function refused(what, promise, error) {
  try {
    await promise;
  } catch (e) {
    expect(`${what}: ${error}`, (e.error ?? e.cause?.error) === error);
    return;
  }
  throw new Error(`${what}: it was let through`);
}

async function viewer(token) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ viewer { persona user { login } organization { kind } } }"}',
  });
  return (await response.json()).data.viewer;
}

// signIn plays the browser: it follows the redirects and fills the form.
async function signIn(address, login, password) {
  let response = await fetch(address, { redirect: 'manual' });
  const page = new URL(response.headers.get('location'), url);
  response = await fetch(page);
  const form = await response.text();
  expect('the sign-in page lets nothing run', response.headers.get('content-security-policy').startsWith("default-src 'none'") && !form.includes('<script'));
  const id = form.match(/name="id" value="([^"]+)"/)[1];
  response = await fetch(`${url}/oauth/sign-in`, { method: 'POST', body: new URLSearchParams({ id, login, password }), redirect: 'manual' });
  if (response.status !== 303) return response;
  response = await fetch(new URL(response.headers.get('location'), url), { redirect: 'manual' });
  return new URL(response.headers.get('location'));
}

async function codeAndPKCE() {
  const app = await client.discovery(new URL(url), 'dealer-app', undefined, client.None(), plain);
  expect('discovery names the issuer', app.serverMetadata().issuer === url);
  const redirect = 'http://127.0.0.1:4711/callback';
  const begin = async (scope) => {
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const address = client.buildAuthorizationUrl(app, {
      redirect_uri: redirect, scope, state, nonce, device_id: 'tablet-oidc',
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    return { address, verifier, state, nonce };
  };
  const checks = (b) => ({ pkceCodeVerifier: b.verifier, expectedState: b.state, expectedNonce: b.nonce, idTokenExpected: true });

  const first = await begin('openid profile email offline_access');
  const wrong = await signIn(first.address, 'dealer@demo.dure', 'wrong');
  expect('a wrong password is told', wrong.status === 422);
  const other = await signIn(first.address, 'hq@demo.dure', 'dure-demo');
  expect("another app's person is told", other.status === 422);
  const back = await signIn(first.address, 'dealer@demo.dure', 'dure-demo');
  const tokens = await client.authorizationCodeGrant(app, back, checks(first));
  const claims = tokens.claims();
  expect('the id token names the person', claims.preferred_username === 'dealer@demo.dure' && claims.persona === 'DEALER');
  expect('the API takes the access token', (await viewer(tokens.access_token)).persona === 'DEALER');
  expect('the id token is no access token', (await viewer(tokens.id_token).catch(() => null)) === null);
  const info = await client.fetchUserInfo(app, tokens.access_token, claims.sub);
  expect('userinfo knows them', info.email === 'dealer@demo.dure');

  const next = await client.refreshTokenGrant(app, tokens.refresh_token);
  expect('a refresh token changes at each use', next.refresh_token !== tokens.refresh_token);
  expect('the next access token works', (await viewer(next.access_token)).user.login === 'dealer@demo.dure');

  await refused('a code that comes twice', client.authorizationCodeGrant(app, back, checks(first)), 'invalid_grant');
  await refused('what the code had bought', client.refreshTokenGrant(app, next.refresh_token), 'invalid_grant');

  const second = await begin('openid offline_access');
  const there = await signIn(second.address, 'dealer@demo.dure', 'dure-demo');
  await refused('another verifier', client.authorizationCodeGrant(app, there, { ...checks(second), pkceCodeVerifier: client.randomPKCECodeVerifier() }), 'invalid_grant');
  const again = await client.authorizationCodeGrant(app, there, checks(second));
  const one = await client.refreshTokenGrant(app, again.refresh_token);
  const two = await client.refreshTokenGrant(app, one.refresh_token);
  await refused('a refresh token that was spent', client.refreshTokenGrant(app, again.refresh_token), 'invalid_grant');
  await refused('its whole family', client.refreshTokenGrant(app, two.refresh_token), 'invalid_grant');

  const third = await begin('openid offline_access');
  const last = await client.authorizationCodeGrant(app, await signIn(third.address, 'dealer@demo.dure', 'dure-demo'), checks(third));
  await client.tokenRevocation(app, last.refresh_token);
  await refused('a revoked refresh token', client.refreshTokenGrant(app, last.refresh_token), 'invalid_grant');

  for (const [what, change] of [
    ['an address that is not the app\'s', (u) => u.searchParams.set('redirect_uri', 'https://evil.example/callback')],
    ['an app that is none', (u) => u.searchParams.set('client_id', 'evil-app')],
  ]) {
    const { address } = await begin('openid');
    change(address);
    const response = await fetch(address, { redirect: 'manual' });
    expect(`${what} is not redirected to`, response.status === 400 && !response.headers.get('location'));
  }
  const { address } = await begin('openid');
  address.searchParams.delete('code_challenge');
  address.searchParams.delete('code_challenge_method');
  const without = await fetch(address, { redirect: 'manual' });
  expect('a request without PKCE is refused', new URL(without.headers.get('location')).searchParams.get('error') === 'invalid_request');
}

async function systems() {
  for (const [how, auth] of [['basic', client.ClientSecretBasic], ['post', client.ClientSecretPost]]) {
    const system = await client.discovery(new URL(url), systemName, undefined, auth(systemSecret), plain);
    const tokens = await client.clientCredentialsGrant(system);
    expect(`client credentials by secret (${how})`, (await viewer(tokens.access_token)).persona === 'LENDER');
    const before = await client.tokenIntrospection(system, tokens.access_token);
    expect('introspection knows the token', before.active && before.client_id === systemName && before.scope === 'dure');
    await client.tokenRevocation(system, tokens.access_token);
    expect('and that it was taken back', !(await client.tokenIntrospection(system, tokens.access_token)).active);
  }
  const wrong = await client.discovery(new URL(url), systemName, undefined, client.ClientSecretBasic('wrong'), plain);
  await refused('a wrong secret', client.clientCredentialsGrant(wrong), 'invalid_client');

  const jwk = JSON.parse(await readFile(keyFile, 'utf8'));
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const seen = {};
  const keep = { [client.modifyAssertion]: (header, payload) => Object.assign(seen, { header, payload }) };
  const keyed = await client.discovery(new URL(url), keyedName, undefined, client.PrivateKeyJwt({ key, kid: jwk.kid }, keep), plain);
  const tokens = await client.clientCredentialsGrant(keyed);
  expect('client credentials by private_key_jwt', (await viewer(tokens.access_token)).persona === 'LENDER');

  const jti = seen.payload.jti;
  for (const [what, change] of [
    ['an assertion that comes twice', (p) => { p.jti = jti; }],
    ['an assertion without a name', (p) => { delete p.jti; }],
    ['an assertion that ended', (p) => { p.iat -= 600; p.exp = p.iat + 60; p.nbf = p.iat; }],
    ['an assertion for years', (p) => { p.exp += 1e8; }],
    ['an assertion for somebody else', (p) => { p.aud = 'https://other.example'; }],
    ['an assertion in another name', (p) => { p.iss = systemName; p.sub = systemName; }],
  ]) {
    const liar = await client.discovery(new URL(url), keyedName, undefined,
      client.PrivateKeyJwt({ key, kid: jwk.kid }, { [client.modifyAssertion]: (_, payload) => change(payload) }), plain);
    await refused(what, client.clientCredentialsGrant(liar), 'invalid_client');
  }
  const secretInstead = await client.discovery(new URL(url), keyedName, undefined, client.ClientSecretBasic('guess'), plain);
  await refused('a secret where a signature is due', client.clientCredentialsGrant(secretInstead), 'invalid_client');
}

await codeAndPKCE();
await systems();
process.exit(0);
