import Stripe from 'stripe';
import { required } from './environment.ts';

/** Stripe, or the sandbox of Twofold where STRIPE_API_BASE names one. */
export function stripe(): Stripe {
  const base = process.env.STRIPE_API_BASE;
  if (base === undefined) return new Stripe(required('STRIPE_SECRET_KEY'));
  const { hostname, port } = new URL(base);
  return new Stripe(required('STRIPE_SECRET_KEY'), { host: hostname, port, protocol: 'http' });
}
