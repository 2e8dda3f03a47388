import { createHmac } from 'node:crypto';

/** The secret of a destination for notifications at Paddle. */
export const paddleSecret = 'pdl_ntfset_test';

/** Who pays at Paddle: their customer, and the id that the checkout was given, if any. */
export interface PaddlePayer {
  customer: string | null;
  externalId: string | null;
}

let count = 0;
const newId = (prefix: string) => `${prefix}_${++count}`;

/** A notification as Paddle Billing sends it. Times are ISO 8601. */
export function paddleNotification(type: string, data: object, occurredAt: string): object {
  return {
    event_id: newId('evt'),
    event_type: type,
    occurred_at: occurredAt,
    notification_id: newId('ntf'),
    data,
  };
}

/** The headers of a notification that was signed at `sentAt`, in Unix seconds. */
export function paddleHeaders(
  payload: string,
  { sentAt, secret = paddleSecret }: { sentAt: number; secret?: string },
): Record<string, string> {
  const hmac = createHmac('sha256', secret).update(`${sentAt}:${payload}`).digest('hex');
  return { 'paddle-signature': `ts=${sentAt};h1=${hmac}` };
}

/** A transaction that was paid with one card, after another one was declined. */
export function paddleTransaction(
  id: string,
  payer: PaddlePayer,
  {
    paidAt,
    endsAt,
    amount = 1000,
    ...more
  }: { paidAt: string; endsAt: string; amount?: number } & Record<string, unknown>,
): object {
  const total = String(amount);
  return {
    id,
    status: 'completed',
    customer_id: payer.customer,
    address_id: 'add_1',
    business_id: null,
    custom_data: customDataOf(payer),
    origin: 'subscription_recurring',
    collection_mode: 'automatic',
    discount_id: null,
    invoice_id: 'inv_1',
    invoice_number: '325-10566',
    currency_code: 'USD',
    subscription_id: `sub-of-${id}`,
    billing_details: null,
    billing_period: { starts_at: paidAt, ends_at: endsAt },
    items: [
      {
        price: {
          id: 'pri_monthly',
          product_id: 'pro_1',
          billing_cycle: { interval: 'month', frequency: 1 },
          unit_price: { amount: total, currency_code: 'USD' },
        },
        quantity: 1,
        proration: null,
      },
    ],
    payments: [
      { status: 'error', captured_at: null, amount: total, error_code: 'declined' },
      { status: 'captured', captured_at: paidAt, amount: total, error_code: null },
    ],
    details: {
      totals: {
        subtotal: total,
        tax: '0',
        discount: '0',
        total,
        credit: '0',
        balance: '0',
        grand_total: total,
        fee: '100',
        earnings: String(amount - 100),
        currency_code: 'USD',
      },
      line_items: [],
    },
    checkout: { url: null },
    created_at: paidAt,
    updated_at: paidAt,
    billed_at: paidAt,
    ...more,
  };
}

/** Money of a transaction that goes back, whole unless `more` says another amount. */
export function paddleAdjustment(
  id: string,
  transaction: string,
  { at, amount = 1000, ...more }: { at: string; amount?: number } & Record<string, unknown>,
): object {
  return {
    id,
    transaction_id: transaction,
    subscription_id: null,
    customer_id: 'ctm_1',
    reason: 'requested by the customer',
    credit_applied_to_balance: null,
    currency_code: 'USD',
    items: [],
    totals: { subtotal: String(amount), tax: '0', total: String(amount), currency_code: 'USD' },
    payout_totals: null,
    created_at: at,
    updated_at: at,
    ...more,
  };
}

/** A subscription; one that was canceled has no period and no change ahead. */
export function paddleSubscription(
  id: string,
  payer: PaddlePayer,
  {
    status,
    period: { from, until },
    cancels = false,
    ...more
  }: { status: string; period: { from: string; until: string }; cancels?: boolean } & Record<string, unknown>,
): object {
  const isOver = status === 'canceled';
  return {
    id,
    status,
    customer_id: payer.customer,
    address_id: 'add_1',
    business_id: null,
    custom_data: customDataOf(payer),
    currency_code: 'USD',
    collection_mode: 'automatic',
    billing_cycle: { interval: 'month', frequency: 1 },
    current_billing_period: isOver ? null : { starts_at: from, ends_at: until },
    next_billed_at: isOver ? null : until,
    scheduled_change: cancels && !isOver ? { action: 'cancel', effective_at: until, resume_at: null } : null,
    items: [],
    ...more,
  };
}

function customDataOf({ externalId }: PaddlePayer): object | null {
  return externalId === null ? null : { external_id: externalId };
}
