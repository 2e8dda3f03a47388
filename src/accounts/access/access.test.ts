import { expect, it } from 'vitest';
import { accessFrom } from './access.js';

const now = new Date('2026-06-01T00:00:00Z');
const soon = new Date('2026-06-10T00:00:00Z');
const late = new Date('2026-07-10T00:00:00Z');
const past = new Date('2026-05-10T00:00:00Z');

it.each([
  ['nothing', 'free', null, null, { active: false, source: 'none', until: null }],
  ['credit', 'free', null, soon, { active: true, source: 'credit', until: soon }],
  ['credit that is over', 'free', past, past, { active: false, source: 'none', until: null }],
  ['credit that ends now', 'free', null, now, { active: false, source: 'none', until: null }],
  [
    'a subscription that nothing ends',
    'paid',
    null,
    past,
    { active: true, source: 'subscription', until: null },
  ],
  [
    'a subscription whose end is not known, and credit',
    'paid',
    null,
    late,
    { active: true, source: 'subscription', until: late },
  ],
  ['a subscription', 'paid', soon, null, { active: true, source: 'subscription', until: soon }],
  ['both, the credit longer', 'paid', soon, late, { active: true, source: 'subscription', until: late }],
  [
    'both, the subscription longer',
    'paid',
    late,
    soon,
    { active: true, source: 'subscription', until: late },
  ],
] as const)('access from %s', (_, tier, paidThrough, creditUntil, access) => {
  expect(accessFrom({ tier, paidThrough }, creditUntil, now)).toEqual(access);
});
