import Stripe from 'stripe';

const PRODUCT_ID = 'prod_twofold';

/** The one product on sale. *unit* `now` in seconds since 1970. */
export function twofoldProduct(now: number, appName: string): Stripe.Product {
  return {
    id: PRODUCT_ID,
    object: 'product',
    active: true,
    created: now,
    default_price: 'price_twofold_monthly',
    description: 'Paid access',
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: appName,
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

/** Its two prices: $10 a month and $100 a year. */
export function twofoldPrices(now: number): Stripe.Price[] {
  return [recurringPrice('month', 1_000, now), recurringPrice('year', 10_000, now)];
}

function recurringPrice(interval: 'month' | 'year', cents: number, now: number): Stripe.Price {
  return {
    id: `price_twofold_${interval}ly`,
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: now,
    currency: 'usd',
    custom_unit_amount: null,
    livemode: false,
    lookup_key: `twofold_${interval}ly`,
    metadata: {},
    nickname: interval === 'month' ? 'Monthly' : 'Yearly',
    product: PRODUCT_ID,
    recurring: { interval, interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed' },
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'recurring',
    unit_amount: cents,
    unit_amount_decimal: Stripe.Decimal.from(cents),
  };
}
