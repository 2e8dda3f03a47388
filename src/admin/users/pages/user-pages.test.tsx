import { expect, it } from 'vitest';
import type { TimelineEntry } from '../timeline/timeline-entry.js';
import type { UserPageModel } from '../user-page-loader.js';
import { userPage } from './user-page.js';
import { listView } from '../../../../test/support/list-view.js';
import type { AdminUserDto } from '../user.dto.js';
import { usersPage } from './users-page.js';

const hostile = '"><script>alert(1)</script>';
const at = new Date('2026-11-01T12:00:00Z');
const viewer = { label: 'Root', role: 'admin' as const, csrf: 'token', locale: 'en', timeZone: 'UTC' };
const row = {
  id: 'u1',
  email: 'anna@example.org',
  displayName: null,
  role: 'user' as const,
  tier: 'free' as const,
  creditUntil: null,
  createdAt: at,
};
const credit = {
  source: 'credit' as const,
  at,
  key: '1',
  data: {
    ...{
      entry_id: 'e1',
      kind: 'admin_grant',
      duration_ms: 45 * 86_400_000,
      referral_id: null,
      note: 'sorry',
    },
    ...{ is_revocable: true, other_id: null, other_email: null },
  },
};
const timeline = (entries: TimelineEntry[]) => ({ entries, next: null, kind: null, isFirst: true });
const user = (over: Partial<UserPageModel> = {}) =>
  userPage({
    viewer,
    mayChange: true,
    user: row,
    subscription: null,
    invitation: null,
    hasPaid: false,
    merges: [],
    stripeCustomers: [],
    stripeDashboard: 'https://dashboard.stripe.com/test',
    timeline: timeline([credit]),
    refundsAsCredit: new Map(),
    notice: null,
    problem: null,
    ...over,
  });

it('an admin is led to each action, and support is shown none', () => {
  const page = user({ hasPaid: true });
  for (const path of ['credit', 'refund-as-credit', 'role', 'erase', 'export', 'credit/e1/revoke'])
    expect(page).toContain(`href="/admin/users/u1/${path}"`);
  expect(user()).not.toContain('refund-as-credit');
  const forSupport = user({ mayChange: false, viewer: { ...viewer, role: 'support' } });
  expect(forSupport).not.toContain('href="/admin/users/u1/');
  expect(forSupport).toContain('Given by the team');
});

it('an erased user is named as such and given nothing', () => {
  const page = user({ user: { ...row, email: null } });
  expect(page).toContain('Erased user');
  expect(page).not.toContain('href="/admin/users/u1/erase"');
});

it('an entry that no longer stands cannot be revoked', () => {
  const revoked = { ...credit, data: { ...credit.data, is_revocable: false } };
  expect(user({ timeline: timeline([revoked]) })).not.toContain('/revoke');
});

it('a search keeps what was asked, and says when no one is found', () => {
  const list = listView<AdminUserDto>('users', [], { query: 'anna' });
  const page = usersPage({ viewer, list });
  expect(page).toContain('value="anna"');
  expect(page).toContain('No user found');
});

it('every stored string is shown as text, whatever it holds', () => {
  const bad = { ...row, email: hostile, displayName: hostile };
  const pages = [
    usersPage({ viewer, list: listView('users', [bad], { query: hostile }) }),
    user({
      user: bad,
      invitation: {
        other_id: hostile,
        other_email: hostile,
        referral_id: hostile,
        code: hostile,
        origin: 'claim',
      },
      timeline: timeline([
        { ...credit, key: hostile, data: { ...credit.data, kind: hostile, note: hostile } },
        {
          source: 'payment',
          at,
          key: hostile,
          data: { key: hostile, amount: 1, currency: 'eur', customer_id: hostile, subscription_id: hostile },
        },
        {
          source: 'staff',
          at,
          key: '3',
          data: {
            action: hostile,
            actor_kind: 'admin',
            actor_id: hostile,
            actor_email: hostile,
            actor_name: hostile,
            via: hostile,
            note: hostile,
          },
        },
      ]),
      stripeCustomers: [hostile],
      problem: hostile,
    }),
  ];
  for (const page of pages) {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script');
  }
});
