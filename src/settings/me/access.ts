import type { AccessDto } from './me.dto.js';

/** What access is made of: a paid tier, or credit ahead of now. `until` is the later of both. */
export function accessFrom(
  account: { tier: 'free' | 'paid'; paidThrough: Date | null },
  creditUntil: Date | null,
  now: Date,
): AccessDto {
  const activeCreditUntil = creditUntil !== null && creditUntil > now ? creditUntil : null;
  if (account.tier === 'paid')
    return { active: true, source: 'subscription', until: latest([account.paidThrough, activeCreditUntil]) };
  return activeCreditUntil === null
    ? { active: false, source: 'none', until: null }
    : { active: true, source: 'credit', until: activeCreditUntil };
}

function latest(times: (Date | null)[]): Date | null {
  const known = times.flatMap((time) => time?.getTime() ?? []);
  return known.length === 0 ? null : new Date(Math.max(...known));
}
