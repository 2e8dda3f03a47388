import Stripe from 'stripe';
import { newId } from './stripe-objects.js';

const PRODUCT_ID = 'prod_twofold';

/** The one product on sale from the start. *unit* `now` in seconds since 1970. */
export function twofoldProduct(now: number, appName: string): Stripe.Product {
  const product = newProduct({ name: appName, description: 'Paid access' }, now);
  return { ...product, id: PRODUCT_ID, default_price: 'price_twofold_monthly' };
}

/** Its two prices: $10 a month and $100 a year. */
export function twofoldPrices(now: number): Stripe.Price[] {
  return [twofoldPrice('month', 1_000, now), twofoldPrice('year', 10_000, now)];
}

function twofoldPrice(every: 'month' | 'year', cents: number, now: number): Stripe.Price {
  const nickname = every === 'month' ? 'Monthly' : 'Yearly';
  const recurring = { every, intervalCount: 1 };
  const price = newPrice({ product: PRODUCT_ID, currency: 'usd', nickname, recurring, cents }, now);
  return { ...price, id: `price_twofold_${every}ly`, lookup_key: `twofold_${every}ly` };
}

/** Builds a product. *unit* `now` in seconds since 1970. */
export function newProduct(
  { name, description }: { name: string; description: string | null },
  now: number,
): Stripe.Product {
  return {
    id: newId('prod', 14),
    object: 'product',
    active: true,
    created: now,
    default_price: null,
    description,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: now,
    url: null,
  };
}

/**
 * What is asked for a product. `recurring` null: it is paid once. *unit* `cents` of the currency
 */
export interface PriceTerms {
  product: string;
  currency: string;
  nickname: string | null;
  recurring: { every: 'month' | 'year'; intervalCount: number } | null;
  cents: number;
}

/** Builds a price. *unit* `now` in seconds since 1970. */
export function newPrice(terms: PriceTerms, now: number): Stripe.Price {
  const { recurring } = terms;
  return {
    id: newId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: now,
    currency: terms.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: terms.nickname,
    product: terms.product,
    recurring: recurring && {
      interval: recurring.every,
      interval_count: recurring.intervalCount,
      meter: null,
      trial_period_days: null,
      usage_type: 'licensed',
    },
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === null ? 'one_time' : 'recurring',
    unit_amount: terms.cents,
    unit_amount_decimal: Stripe.Decimal.from(terms.cents),
  };
}

/** The older `plan` view of a recurring price, which subscription items still carry. */
export function toPlan(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}

/**
 * The moment one billing interval after `start`. A month is a calendar month that keeps the day of
 * the anchor where the month has it (31 January → 28 February → 31 March). *unit* seconds since
 * 1970.
 */
export function oneIntervalAfter(start: number, price: Stripe.Price, anchor = start): number {
  const months = (price.recurring?.interval === 'year' ? 12 : 1) * (price.recurring?.interval_count ?? 1);
  const from = new Date(start * 1_000);
  const anchorDay = new Date(anchor * 1_000).getUTCDate();
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
  const next = new Date(from);
  next.setUTCDate(1);
  next.setUTCMonth(from.getUTCMonth() + months);
  next.setUTCDate(Math.min(anchorDay, lastDay));
  return next.getTime() / 1_000;
}
