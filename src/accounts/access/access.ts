/** Whether a person may use what is paid for, and until when. */
export interface Access {
  active: boolean;
  source: 'subscription' | 'credit' | 'none';
  until: Date | null;
}

/** What access is made of: a paid tier, or credit ahead of now. `until` is the later of both. */
export function accessFrom(
  account: { tier: 'free' | 'paid'; paidThrough: Date | null },
  creditUntil: Date | null,
  now: Date,
): Access {
  const activeCreditUntil = creditUntil !== null && creditUntil > now ? creditUntil : null;
  if (account.tier === 'paid')
    return { active: true, source: 'subscription', until: latest([account.paidThrough, activeCreditUntil]) };
  return activeCreditUntil === null
    ? { active: false, source: 'none', until: null }
    : { active: true, source: 'credit', until: activeCreditUntil };
}

/** When an access changes by time alone: a tier ends by itself, or credit runs out. */
export function nextChange(
  account: { tier: 'free' | 'paid'; tierExpiresAt: Date | null },
  creditUntil: Date | null,
  now: Date,
): Date | null {
  const ends = [account.tier === 'paid' ? account.tierExpiresAt : null, creditUntil];
  const ahead = ends.flatMap((end) => (end !== null && end > now ? [end.getTime()] : []));
  return ahead.length === 0 ? null : new Date(Math.min(...ahead));
}

function latest(times: (Date | null)[]): Date | null {
  const known = times.flatMap((time) => time?.getTime() ?? []);
  return known.length === 0 ? null : new Date(Math.max(...known));
}
