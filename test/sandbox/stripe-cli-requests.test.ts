import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxFixture } from './sandbox-fixture.js';

/**
 * Requests as Stripe's command line sends them for `stripe trigger`; `$n.path` stands for what the
 * n-th answered.
 */
const customer = 'POST /v1/customers description=(made)';
const carded = `${customer}&payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa`;
const product = 'POST /v1/products name=myproduct';
const monthly = 'POST /v1/prices product=$1.id&unit_amount=1500&currency=usd&recurring[interval]=month';
const subscribed = [carded, product, monthly, 'POST /v1/subscriptions customer=$0.id&items[0][price]=$2.id'];
const item = 'POST /v1/invoiceitems amount=2000&currency=usd&customer=$0.id';
const invoice = 'POST /v1/invoices customer=$0.id&pending_invoice_items_behavior=include';
const attach = (method: string) => `POST /v1/payment_methods/${method}/attach customer=$0.id`;
const payment = (method: string) =>
  `POST /v1/payment_intents amount=100&currency=usd&payment_method_types[]=card&payment_method=${method}&confirm=true`;
const billed = (method: string) => [
  ...[customer, attach(method), item, invoice, 'POST /v1/invoices/$3.id/pay payment_method=$1.id'],
];
const credited = [
  ...[customer, item, invoice, 'POST /v1/invoices/$2.id/finalize'],
  'POST /v1/credit_notes invoice=$2.id&lines[0][type]=custom_line_item&lines[0][unit_amount]=1000&lines[0][quantity]=1',
];
const checkout = (type: string) => [
  product,
  `POST /v1/prices product=$0.id&unit_amount=1500&currency=eur`,
  `POST /v1/checkout/sessions mode=payment&line_items[0][price]=$1.id&line_items[0][quantity]=2&success_url=https://a.test&payment_method_types[]=${type}&payment_intent_data[shipping][name]=J`,
  'GET /v1/payment_pages/$2.id',
];
const confirm = 'POST /v1/payment_pages/$2.id/confirm payment_method=$4.id&expected_amount=3000';
const debit = (iban: string) => [
  ...[
    ...checkout('sepa_debit'),
    `POST /v1/payment_methods type=sepa_debit&sepa_debit[iban]=${iban}`,
    confirm,
  ],
];
const inquiry = [payment('pm_card_createDisputeInquiry'), 'GET /v1/disputes?payment_intent=$0.id'];
const trial =
  'POST /v1/subscriptions customer=$0.id&items[0][price]=$2.id&trial_period_days=7&trial_settings[end_behavior][missing_payment_method]=pause';

const fixtures: [string, string[]][] = [
  ['customer.created', [customer]],
  ['customer.subscription.created', subscribed],
  ['customer.subscription.updated', [...subscribed, 'POST /v1/subscriptions/$3.id metadata[foo]=bar']],
  ['customer.subscription.deleted', [...subscribed, 'DELETE /v1/subscriptions/$3.id']],
  [
    'customer.subscription.paused',
    [customer, product, monthly, trial, 'POST /v1/subscriptions/$3.id trial_end=now'],
  ],
  ['invoice.paid', billed('pm_card_visa')],
  ['invoice.payment_succeeded', billed('pm_card_visa')],
  ['invoice.payment_failed', billed('pm_card_chargeCustomerFail')],
  ['invoice.payment_action_required', billed('pm_card_threeDSecure2Required')],
  ['payment_intent.succeeded', [payment('pm_card_visa')]],
  ['payment_intent.payment_failed', [payment('pm_card_chargeDeclined')]],
  ['charge.refunded', [payment('pm_card_visa'), 'POST /v1/refunds payment_intent=$0.id']],
  [
    'charge.refund.updated',
    [
      payment('pm_card_visa'),
      'POST /v1/refunds payment_intent=$0.id',
      'POST /v1/refunds/$1.id metadata[o]=1',
    ],
  ],
  ['charge.dispute.created', inquiry],
  ['charge.dispute.updated', [...inquiry, 'POST /v1/disputes/$1.data.0.id metadata[foo]=bar']],
  ['charge.dispute.closed', [...inquiry, 'POST /v1/disputes/$1.data.0.id/close']],
  ['credit_note.created', credited],
  ['credit_note.voided', [...credited, 'POST /v1/credit_notes/$4.id/void']],
  [
    'checkout.session.completed',
    [...checkout('card'), 'POST /v1/payment_methods type=card&card[token]=tok_visa', confirm],
  ],
  ['checkout.session.async_payment_succeeded', debit('AT611904300234573201')],
  ['checkout.session.async_payment_failed', debit('AT861904300235473202')],
];

describe('the requests of Stripe’s command line', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  it.each(fixtures)(
    'the requests of Stripe’s command line make the sandbox report %s',
    async (type, requests) => {
      const latest = async () => (await sandboxFixture.stripe.events.list({ type, limit: 1 })).data[0]?.id;
      const before = await latest();
      const answers: unknown[] = [];
      for (const request of requests) answers.push(await send(sandboxFixture.url, request, answers));
      expect(await latest()).not.toBe(before);
    },
  );
});

async function send(url: string, request: string, answers: unknown[]): Promise<unknown> {
  const [method, path, body] = request
    .replace(/\$(\d)\.([\w.]+)/g, (_all, n, at) => valueAt(answers[n], at))
    .split(' ');
  const answer = await fetch(new URL(path ?? '', url), {
    method: method ?? '',
    headers: { authorization: 'Bearer sk_test_1', 'content-type': 'application/x-www-form-urlencoded' },
    ...(body !== undefined && { body }),
  });
  const said = await answer.json();
  // a card that declines is what some of them want
  if (!answer.ok && said.error.type !== 'card_error') throw new Error(said.error.message);
  return said;
}

function valueAt(answer: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce((at: unknown, name) => new Map(Object.entries(at ?? {})).get(name), answer);
  return String(value);
}
