import Stripe from 'stripe';
import { newId } from './ids.js';

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

/** What is asked for a product. `recurring` null: it is paid once. *unit* `cents` of the currency */
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
