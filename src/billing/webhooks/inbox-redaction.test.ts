import { expect, it } from 'vitest';
import { redactStripeObject } from './inbox-redaction.js';

it('what was about a person goes; ids, statistics and Stripe’s own words stay', () => {
  expect(
    redactStripeObject({
      id: 'in_1Qx',
      object: 'invoice',
      amount_paid: 1_000,
      currency: 'usd',
      customer: 'cus_1',
      customer_email: 'anna@example.org',
      customer_name: 'john_smith',
      metadata: { twofold_user_id: '01a196fb-1600-76d3-ae44-4742123179b1', wish: 'privacy' },
      lines: { data: [{ description: 'for Anna', pricing: { price_details: { price: 'gold' } } }] },
      evidence: { customer_purchase_ip: '198.51.100.7' },
      paid: true,
    }),
  ).toEqual({
    id: 'in_1Qx',
    object: 'invoice',
    amount_paid: 1_000,
    currency: 'usd',
    customer: 'cus_1',
    customer_email: null,
    customer_name: null,
    metadata: { twofold_user_id: '01a196fb-1600-76d3-ae44-4742123179b1' },
    lines: { data: [{ description: null, pricing: { price_details: { price: 'gold' } } }] },
    evidence: { customer_purchase_ip: null },
    paid: true,
  });
});
