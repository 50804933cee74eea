import { graphql } from '../graphql'

export const SendVoice = graphql(`
  mutation SendVoice($input: SendVoiceInput!) {
    sendVoice(input: $input) { voice { id dueAt } userErrors { code field message } }
  }
`)

export const MyVoices = graphql(`
  query MyVoices($after: String) {
    voices(filter: { mine: true }, first: 20, after: $after) {
      nodes { id kind status text photoUrls audioUrl dueAt useful outcome occurredAt answers { id text staffName answeredAt } }
      pageInfo { endCursor hasNextPage }
    }
  }
`)
