/** The colour of each standing of a talk, quote, contract, application or delivery; the words always stand beside it. */
export const tones: Record<string, 'field' | 'sky' | 'amber' | 'brick' | undefined> = {
  OPEN: 'sky', WON: 'field', LOST: undefined,
  ISSUED: 'sky', AWAITING_APPROVAL: 'amber', REFUSED: 'brick', ACCEPTED: 'field',
  DRAFT: 'amber', SIGNED: 'field', CANCELLED: 'brick',
  SUBMITTED: 'sky', APPROVED: 'field', CONDITIONAL: 'amber', DECLINED: 'brick', FUNDED: 'field',
  OFFERED: 'sky', IN_TRANSIT: 'sky', LOADED: 'sky', DELAYED: 'amber', ARRIVED: 'sky', DELIVERED: 'field',
}
