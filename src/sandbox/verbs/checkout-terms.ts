import type Stripe from 'stripe';
import type { Work } from '../work.js';

/** The part of a checkout that Stripe never shows again: what the subscription will be started with. */
export interface HiddenTerms {
  price: string;
  quantity: number;
  subscriptionMetadata: Stripe.Metadata;
  trialDays: number;
}

/** Keeps the hidden terms beside the session. */
export async function hideTerms(
  work: Work,
  session: Stripe.Checkout.Session,
  terms: HiddenTerms,
): Promise<void> {
  await work.client.query(`INSERT INTO sandbox.object (id, type, data) VALUES ($1, 'checkout_terms', $2)`, [
    `terms_${session.id}`,
    JSON.stringify(terms),
  ]);
}

/** The hidden terms of a session. *errors* throws when it has none: every session is created with them. */
export async function hiddenTerms(work: Work, session: Stripe.Checkout.Session): Promise<HiddenTerms> {
  const { rows } = await work.client.query<{ data: HiddenTerms }>(
    'SELECT data FROM sandbox.object WHERE id = $1',
    [`terms_${session.id}`],
  );
  if (rows[0] === undefined) throw new Error(`checkout session ${session.id} has no terms`);
  return rows[0].data;
}
