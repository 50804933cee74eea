/** newDeal is where a consultation begins, with a customer or by choosing one. */
export const newDeal = (customerId?: string) => (customerId ? `/deal/new?customer=${customerId}` : '/deal/new')

/** dealOf is where the deal of an open consultation goes on. */
export const dealOf = (consultationId: string) => `/deal/${consultationId}`

/** readContract is where a drafted contract is read and signed. */
export const readContract = (consultationId: string, contractId: string) => `/deal/${consultationId}?contract=${contractId}`
