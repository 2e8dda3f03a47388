import { expect, it } from 'vitest';
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
const entry = {
  id: 'e1',
  kind: 'admin_grant',
  days: 45,
  effectiveAt: at,
  reason: 'sorry',
  isRevocable: true,
};
const user = (over: Partial<UserPageModel> = {}) =>
  userPage({
    viewer,
    mayChange: true,
    idempotencyKey: 'key-1',
    user: row,
    subscription: null,
    credit: { until: at, entries: [entry] },
    referredBy: null,
    referrals: [],
    paidIn: null,
    merges: [],
    stripeCustomers: [],
    audit: [],
    notice: null,
    problem: null,
    ...over,
  });

it('an admin can give days once per shown form, revoke an entry, and set a role', () => {
  const page = user();
  expect(page).toContain('action="/admin/users/u1/credit"');
  expect(page).toContain('name="idempotencyKey" value="key-1"');
  expect(page).toContain('action="/admin/users/u1/credit/e1/revoke"');
  expect(page).toContain('action="/admin/users/u1/role"');
});

it('support reads everything and is shown no form', () => {
  const page = user({ mayChange: false, viewer: { ...viewer, role: 'support' } });
  expect(page).not.toContain('method="post" action="/admin');
  expect(page).toContain('Given by the team');
});

it('an erased user is named as such and given nothing', () => {
  const page = user({ user: { ...row, email: null } });
  expect(page).toContain('Erased user');
  expect(page).not.toContain('action="/admin/users/u1/credit"');
});

it('an entry that no longer stands cannot be revoked', () =>
  expect(user({ credit: { until: null, entries: [{ ...entry, isRevocable: false }] } })).not.toContain(
    '/revoke',
  ));

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
      credit: { until: null, entries: [{ ...entry, kind: hostile, reason: hostile }] },
      referredBy: { id: hostile, userId: hostile, at },
      referrals: [{ id: hostile, userId: hostile, label: hostile, status: 'pending', at }],
      stripeCustomers: [hostile],
      audit: [{ id: hostile, at, action: hostile, actor: hostile, note: hostile }],
      problem: hostile,
    }),
  ];
  for (const page of pages) {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script');
  }
});
