import { OutboxPage } from '@kit/parts/outboxpage'
import { CustomerConflict } from '../customers/conflict'

/** Outbox is the kit's, and knows how a dealer's conflicts are settled. */
export function Outbox() {
  return <OutboxPage conflict={(item) => (item.field === 'updateCustomer' ? <CustomerConflict item={item} /> : null)} />
}
