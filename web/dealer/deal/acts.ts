import { graphql } from '../graphql'

/** What a dealer does in a deal. Each goes through the outbox. */
export const OpenConsultation = graphql(`
  mutation OpenConsultation($input: OpenConsultationInput!) {
    openConsultation(input: $input) { consultation { id version } userErrors { code field message } }
  }
`)

export const PresentProduct = graphql(`
  mutation PresentProduct($input: PresentProductInput!) {
    presentProduct(input: $input) { consultation { id version } userErrors { code field message } }
  }
`)

export const CloseConsultation = graphql(`
  mutation CloseConsultation($input: CloseConsultationInput!) {
    closeConsultation(input: $input) { consultation { id version status } userErrors { code field message } }
  }
`)

export const IssueQuote = graphql(`
  mutation IssueQuote($input: IssueQuoteInput!) {
    issueQuote(input: $input) { quote { id number status version total monthly } userErrors { code field message } }
  }
`)

export const ReviseQuote = graphql(`
  mutation ReviseQuote($input: ReviseQuoteInput!) {
    reviseQuote(input: $input) { quote { id number status version total monthly } userErrors { code field message } }
  }
`)

export const DraftContract = graphql(`
  mutation DraftContract($input: DraftContractInput!) {
    draftContract(input: $input) { contract { id number version total evidence { sha256 url } } userErrors { code field message } }
  }
`)

export const SignContract = graphql(`
  mutation SignContract($input: SignContractInput!) {
    signContract(input: $input) { contract { id status version signedAt } userErrors { code field message } }
  }
`)

export const CreateLink = graphql(`
  mutation DealCreateLink($input: CreateCustomerLinkInput!) {
    createCustomerLink(input: $input) { url code mailed userErrors { code field message } }
  }
`)

export const QuoteNow = graphql(`
  query DealQuote($id: ID!) {
    quote(id: $id) {
      id number status version total discountBp bandBp decidedBy decisionNote validUntil
      contract { id number status version total evidence { sha256 url } }
    }
  }
`)

export const Earned = graphql(`
  query DealEarned($id: ID!) {
    consultation(id: $id) { id status ledgerEntries { id points explanation rule { key title } } }
  }
`)

export const DealNow = graphql(`
  query DealNow($id: ID!) {
    consultation(id: $id) {
      id status openedAt
      customer { id name }
      needs { crops squareMetres terrain attachments budget purpose }
      quotes {
        id version issuedAt discount valuePoints downPayment financeMonths delivery status
        lines { productId options { optionId } }
        tradeIn { description amount }
        contract { id number version total status signedAt evidence { sha256 } }
      }
    }
  }
`)
