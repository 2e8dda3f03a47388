import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import type { Work } from '../work.js';

/** Gives up on an invoice: `void`, as if it never was, or `uncollectible`, as a loss. *errors* one that is neither open nor (to void) uncollectible */
export async function closeInvoice(
  work: Work,
  invoice: Stripe.Invoice,
  into: 'void' | 'uncollectible',
): Promise<Stripe.Invoice> {
  const from = into === 'void' ? ['open', 'uncollectible'] : ['open'];
  if (!from.includes(invoice.status ?? '')) throw refused(`Invoice ${invoice.id} is ${invoice.status}.`);
  const stamp = into === 'void' ? { voided_at: work.now } : { marked_uncollectible_at: work.now };
  const closed = await work.store.save<Stripe.Invoice>({
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: into,
    status_transitions: { ...invoice.status_transitions, ...stamp },
  });
  await work.emit(into === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', closed);
  return closed;
}
