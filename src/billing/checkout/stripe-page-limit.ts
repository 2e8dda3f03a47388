import { hourMs } from '../../platform/durations.js';
import type { Principal } from '../../platform/security/principal.js';
import type { RateLimit } from '../../platform/security/rate-limits.js';

/** How often a user may be led to a page at Stripe, which limits what all users together may ask. */
export function stripePageLimit({ userId }: Principal): RateLimit {
  return { key: `stripe-pages:${userId}`, hits: 60, windowMs: hourMs };
}
