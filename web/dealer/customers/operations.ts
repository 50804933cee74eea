import { graphql } from '../graphql'

/** What the customer's page and form need to know of them. */
export const customerFields = graphql(`
  fragment CustomerDetail on Customer @_unmask {
    id name kind birthYear phone mail address version createdAt
    region { code name nameEn }
    district { code name }
    farm {
      parcels { name squareMetres crop terrain }
      crops terrain
      machines { maker model serialNumber year horsepower }
      attachments operators household replaceYear squareMetres filled
    }
    consents { id purpose recipient recipientName items retainUntil withdrawnAt textId action method occurredAt }
  }
`)

export const CustomerQuery = graphql(`query Customer($id: ID!) { customer(id: $id) { ...CustomerDetail } }`, [customerFields])

/** The customers who may be talked to next, kept on the device: enough to find one and to begin a deal in a barn. */
export const CustomersOnDevice = graphql(`
  query CustomersOnDevice {
    customers(first: 100) { nodes { id name phone district { code name } farm { crops squareMetres terrain attachments } consents { id purpose recipient } } }
  }
`)

export const CreateCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) { customer { id version } userErrors { code field message } }
  }
`)

export const UpdateCustomer = graphql(`
  mutation UpdateCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) { customer { id version } userErrors { code field message } }
  }
`)

export const RecordConsent = graphql(`
  mutation RecordConsent($input: RecordConsentInput!) {
    recordConsent(input: $input) { consent { id } userErrors { code field message } }
  }
`)

export const WithdrawConsent = graphql(`
  mutation WithdrawConsent($input: WithdrawConsentInput!) {
    withdrawConsent(input: $input) { consent { id } userErrors { code field message } }
  }
`)

export const ConsentTexts = graphql(`query ConsentTexts { consentTexts { id purpose version title body } }`)

export const Regions = graphql(`query Regions { regions { code name nameEn districts { code name } } }`)

export const Similar = graphql(`
  query Similar($name: String!, $phone: String, $districtCode: String) {
    similarCustomers(name: $name, phone: $phone, districtCode: $districtCode) { because customer { id name phone address } }
  }
`)
