import { expect, it } from 'vitest';
import { isGrant, isRevocation, type EntryKind } from './credit-entry.js';

it.each<[EntryKind, 'grant' | 'revocation' | 'neither']>([
  ['referral_referrer', 'grant'],
  ['referral_referred', 'grant'],
  ['admin_grant', 'grant'],
  ['refund_as_credit', 'grant'],
  ['milestone', 'grant'],
  ['admin_revoke', 'revocation'],
  ['reversal', 'revocation'],
  ['restoration', 'neither'],
  ['shift', 'neither'],
  ['deferral', 'neither'],
  ['transfer', 'neither'],
])('a %s adds days that were not there before, or takes some of them back: %s', (kind, is) => {
  expect([isGrant(kind), isRevocation(kind)]).toEqual([is === 'grant', is === 'revocation']);
});
