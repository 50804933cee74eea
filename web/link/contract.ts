import type { ResultOf } from '@kit/graphql'
import { graphql } from './graphql'

export const fields = graphql(`
  fragment Shown on CustomerContract @_unmask {
    id number status channel version customerName dealerName dealerPhone staffName
    lines { productName modelCode quantity amount options { optionId name } }
    quantity listTotal discount tradeIn { description amount } total downPayment monthly months delivery
    draftedAt signedAt cancelledAt paperSha256 paperLink { url expiresAt }
    consentTexts { id purpose title body }
    consents { id purpose recipient recipientName action occurredAt textId }
    recipients { id name kind }
    deliveries { id status carrierName wantedOn deliveredAt serialNumbers machines { productName quantity } events { id status place message occurredAt } }
    linkExpiresAt
  }
`)

export type Contract = ResultOf<typeof fields>
export type Problem = { code: string; field: string | null; message: string; key: string }

export const Open = graphql(`
  mutation OpenCustomerLink($input: OpenCustomerLinkInput!) {
    openCustomerLink(input: $input) { accessToken expiresAt userErrors { code field message key } }
  }
`)

export const RequestCode = graphql(`
  mutation RequestCustomerLinkCode($input: RequestCustomerLinkCodeInput!) {
    requestCustomerLinkCode(input: $input) { codeBy userErrors { code field message key } }
  }
`)

export const Read = graphql(`query CustomerContract { customerContract { ...Shown } }`, [fields])

export const Sign = graphql(
  `mutation SignContractByLink($input: SignContractByLinkInput!) { signContractByLink(input: $input) { contract { ...Shown } userErrors { code field message key } } }`,
  [fields],
)

export const Grant = graphql(
  `mutation GrantConsentByLink($input: GrantConsentByLinkInput!) { grantConsentByLink(input: $input) { contract { ...Shown } userErrors { code field message key } } }`,
  [fields],
)

export const Withdraw = graphql(
  `mutation WithdrawConsentByLink($input: WithdrawConsentByLinkInput!) { withdrawConsentByLink(input: $input) { contract { ...Shown } userErrors { code field message key } } }`,
  [fields],
)
