import { expect, it } from '@jest/globals';
import { invitePage, type InvitePageModel } from './invite-page.js';

const hostile = '"><script>alert(1)</script>';
const at = new Date('2026-11-01T12:00:00Z');
const model: InvitePageModel = {
  viewer: { label: 'Anna', role: 'user', csrf: 'token' },
  reader: { locale: 'en-GB', timeZone: 'Europe/Berlin' },
  invite: {
    id: 'i1',
    label: 'b•••@e•••.org',
    status: 'suspended',
    invitedAt: at,
    convertedAt: at,
    creditedAt: at,
    daysEarned: 0,
    why: 'The bank disputes the first payment.',
    nextStep: 'The bank decides the dispute.',
  },
  rules: [
    { rule: 'first payment', result: 'met', explanation: 'It arrived.', at },
    { rule: 'payment stands', result: 'undone', explanation: 'The bank disputes it.', at: null },
    { rule: 'credit', result: 'missing', explanation: 'Later.', at: null },
  ],
};

it('shows each rule with its result, why it does not stand, and what happens next', () => {
  const page = invitePage(model);
  for (const words of ['On hold', 'First payment', 'Undone', 'Still missing', '1 Nov 2026, 13:00 CET'])
    expect(page).toContain(words);
  expect(page).toContain('The bank disputes the first payment.');
  expect(page).toContain('The bank decides the dispute.');
});

it('every stored string is shown as text, whatever it holds', () => {
  const rules = [{ rule: hostile, result: 'met' as const, explanation: hostile, at: null }];
  const page = invitePage({
    ...model,
    invite: { ...model.invite, label: hostile, why: hostile, nextStep: hostile },
    rules,
  });
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script');
});
