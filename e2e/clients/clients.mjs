// The story by graphql-ws, graphql-sse, Apollo Client and urql.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSSE } from 'graphql-sse';
import { createClient as createWS } from 'graphql-ws';
import WebSocket from 'ws';

import { documents, signIn, story } from './story.mjs';

const url = process.argv[2];
const token = await signIn(url);
const authorization = `Bearer ${token}`;
const socket = () =>
  createWS({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization } });

function once(client, operation, variables) {
  return new Promise((resolve, reject) => {
    let data;
    client.subscribe({ query: documents[operation], variables }, {
      next: (answer) => (answer.errors ? reject(new Error(JSON.stringify(answer.errors))) : (data = answer.data)),
      error: reject,
      complete: () => resolve(data),
    });
  });
}

function watchWith(client) {
  return (operation, onData) =>
    client.subscribe({ query: documents[operation] }, {
      next: (answer) => onData(answer.data),
      error: (error) => { throw error; },
      complete: () => {},
    });
}

const ws = socket();
await story('graphql-ws', { run: (o, v) => once(ws, o, v), watch: watchWith(ws) });
await ws.dispose();

const sse = createSSE({ url: `${url}/graphql`, headers: { authorization } });
await story('graphql-sse', { run: (o, v) => once(sse, o, v), watch: watchWith(sse) });
sse.dispose();

const apolloSocket = socket();
const apollo = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(apolloSocket),
    new HttpLink({ uri: `${url}/graphql`, headers: { authorization } }),
  ),
});
await story('Apollo Client', {
  run: async (o, variables) => {
    const document = gql(documents[o]);
    const mutation = documents[o].startsWith('mutation');
    const answer = mutation ? await apollo.mutate({ mutation: document, variables }) : await apollo.query({ query: document, variables });
    return answer.data;
  },
  watch: (o, onData) => {
    const watching = apollo.subscribe({ query: gql(documents[o]) }).subscribe(({ data }) => onData(data));
    return () => watching.unsubscribe();
  },
});
apollo.stop();
await apolloSocket.dispose();

const urqlSocket = socket();
const urql = new Client({
  url: `${url}/graphql`,
  preferGetMethod: false,
  fetchOptions: { headers: { authorization } },
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({ unsubscribe: urqlSocket.subscribe({ query: request.query ?? '', variables: request.variables }, sink) }),
      }),
    }),
  ],
});
await story('urql', {
  run: async (o, variables) => {
    const document = documents[o];
    const answer = document.startsWith('mutation')
      ? await urql.mutation(document, variables).toPromise()
      : await urql.query(document, variables ?? {}, { requestPolicy: 'network-only' }).toPromise();
    if (answer.error) throw answer.error;
    return answer.data;
  },
  watch: (o, onData) => {
    const { unsubscribe } = urql.subscription(documents[o], {}).subscribe(({ data, error }) => {
      if (error) throw error;
      onData(data);
    });
    return unsubscribe;
  },
});
await urqlSocket.dispose();
process.exit(0);
