import type { default as Stripe } from 'stripe';
import { newId } from './stripe-objects.js';

/** What a checkout is for. *unit* times in seconds since 1970. */
export interface CheckoutTerms {
  mode: 'payment' | 'subscription';
  price: Stripe.Price;
  quantity: number;
  customer: Stripe.Customer | null;
  customerEmail: string | null;
  clientReferenceId: string | null;
  metadata: Stripe.Metadata;
  successUrl: string;
  cancelUrl: string | null;
  displayName: string | null;
  buttonColour: string | null;
  expiresAt: number;
}

/** Builds an open checkout whose `url` is the sandbox's own page. */
export function newCheckoutSession(
  terms: CheckoutTerms,
  origin: string,
  now: number,
): Stripe.Checkout.Session {
  const id = newId('cs_test', 58);
  const amount = (terms.price.unit_amount ?? 0) * terms.quantity;
  return {
    id,
    object: 'checkout.session',
    ...unusedFeatures(),
    ...brandingSettings(terms),
    amount_subtotal: amount,
    amount_total: amount,
    cancel_url: terms.cancelUrl,
    client_reference_id: terms.clientReferenceId,
    created: now,
    currency: terms.price.currency,
    customer: terms.customer?.id ?? null,
    customer_creation: customerCreation(terms),
    customer_details: customerDetails(terms.customer?.email ?? terms.customerEmail),
    customer_email: terms.customerEmail,
    expires_at: terms.expiresAt,
    invoice: null,
    metadata: terms.metadata,
    mode: terms.mode,
    payment_status: 'unpaid',
    status: 'open',
    subscription: null,
    success_url: terms.successUrl,
    url: `${origin}/checkout/${id}`,
  };
}

/** Settings that were not given are those of the account, which has none here. */
function brandingSettings({
  displayName,
  buttonColour,
}: CheckoutTerms): Pick<Stripe.Checkout.Session, 'branding_settings'> {
  if (displayName === null && buttonColour === null) return {};
  return {
    branding_settings: {
      background_color: '#ffffff',
      border_style: 'rounded',
      button_color: buttonColour ?? '#0074d4',
      display_name: displayName ?? '',
      font_family: 'default',
      icon: null,
      logo: null,
    },
  };
}

function customerCreation({ mode, customer }: CheckoutTerms): 'always' | 'if_required' | null {
  if (customer !== null) return null;
  return mode === 'subscription' ? 'always' : 'if_required';
}

/** The buyer as a checkout shows them; null while nothing is known. */
export function customerDetails(email: string | null): Stripe.Checkout.Session.CustomerDetails | null {
  if (email === null) return null;
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: null,
  };
}

function unusedFeatures() {
  return {
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    client_secret: null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer_account: null,
    discounts: [],
    integration_identifier: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'always' as const,
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' as const } },
    payment_method_types: ['card', 'sepa_debit'],
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    submit_type: null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page' as const,
    wallet_options: null,
  };
}

/** The line that a checkout shows for its price. */
export function newLineItem(price: Stripe.Price, quantity: number): Stripe.LineItem {
  const amount = (price.unit_amount ?? 0) * quantity;
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: price.nickname ?? price.id,
    metadata: {},
    price,
    quantity,
  };
}
