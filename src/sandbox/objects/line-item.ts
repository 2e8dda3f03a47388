import type Stripe from 'stripe';
import { newId } from './ids.js';

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
