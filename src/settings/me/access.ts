import type { AccessDto } from './me.dto.js';

/** What access is made of: a paid tier, or credit ahead of now. `until` is the later of both. */
export function accessFrom(
  account: { tier: 'free' | 'paid'; paidThrough: Date | null },
  creditUntil: Date | null,
  now: Date,
): AccessDto {
  const activeCreditUntil = creditUntil !== null && creditUntil > now ? creditUntil : null;
  if (account.tier === 'paid')
    return { active: true, source: 'subscription', until: later(account.paidThrough, activeCreditUntil) };
  return activeCreditUntil === null
    ? { active: false, source: 'none', until: null }
    : { active: true, source: 'credit', until: activeCreditUntil };
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
