import { expect, it } from 'vitest';
import type { RewardModel } from '../../referral/index.js';
import { loginPage, type LoginPageModel, verifyPage, type VerifyPageModel } from './sign-in-pages.js';

const hostile = '"><script>alert(1)</script>';
const offer: RewardModel = {
  ...{ referrerDays: 45, referredDays: 45, holdDays: 0, minimumAmounts: {}, qualifyingPrices: [] },
  ...{ unavailable: null, reachedCap: null },
};
const invitation = { code: 'K7PQ2MXW', name: 'Anna' };
const login = (over: Partial<LoginPageModel> = {}) =>
  loginPage({
    formId: 'form-1',
    invitation: null,
    unknownCode: null,
    offer,
    email: '',
    next: null,
    problem: null,
    preview: null,
    ...over,
  });
const verify = (over: Partial<VerifyPageModel> = {}) =>
  verifyPage({
    maskedEmail: 'a•••@e•••.org',
    problem: null,
    capturedMail: null,
    expired: false,
    lifetimeMinutes: 10,
    next: null,
    isInvited: false,
    invitedBy: null,
    ...over,
  });

it('an invited visitor sees who invited them and what it brings', () => {
  const page = login({ invitation });
  expect(page).toContain('Anna invited you. 45 days of paid access when you first pay.');
  expect(page).toContain('name="ref" value="K7PQ2MXW"');
  expect(page).not.toContain('50%');
});

it('the banner takes its days from the terms', () =>
  expect(login({ invitation, offer: { ...offer, referredDays: 30 } })).toContain('30 days of paid access'));

it('the banner says which payments count, and how long the reward waits', () => {
  const restricted = { ...offer, minimumAmounts: { eur: 1000 }, qualifyingPrices: ['price_1'], holdDays: 14 };
  const page = login({ invitation, offer: restricted });
  expect(page).toContain('45 days of paid access 14 days after your first payment.');
  expect(page).toContain('The first payment of at least €10.00 counts. Only certain plans count.');
});

it('an inviter without a name is not named, neither here nor where the code is entered', () => {
  expect(login({ invitation: { ...invitation, name: null } })).toContain('You are invited to Twofold.');
  expect(verify({ isInvited: true })).toContain('You are invited to Twofold.');
  expect(verify({ isInvited: true, invitedBy: 'Anna' })).toContain('Anna invited you.');
});

it('a budget that is used up is said where an invitation is followed', () =>
  expect(
    login({ invitation, offer: { ...offer, unavailable: 'exhausted', referredDays: 0, referrerDays: 0 } }),
  ).toContain('no free days left'));

it('without an invitation there is no banner, but room for a code', () => {
  const page = login();
  expect(page).not.toContain('invited you');
  expect(page).toContain('I have an invitation code');
});

it('an unknown code is named, to be mended or left out', () => {
  const page = login({ unknownCode: 'ABCD' });
  expect(page).toContain('The code “ABCD” does not exist');
  expect(page).toMatch(/<input[^>]*name="ref"[^>]*value="ABCD"/);
});

it('while the programme is paused the banner promises nothing', () => {
  const page = login({ invitation, offer: { ...offer, unavailable: 'paused', referredDays: 0 } });
  expect(page).toContain('paused');
  expect(page).not.toContain('45 days');
});

it('the code can be typed on a digits keyboard and filled in from the message', () => {
  const page = verify();
  expect(page).toContain('inputmode="numeric"');
  expect(page).toContain('autocomplete="one-time-code"');
  expect(page).toContain('a•••@e•••.org');
});

it('the page says for how many minutes the code is valid', () =>
  expect(verify({ lifetimeMinutes: 7 })).toContain('7 minutes'));

it('an expired code leads to a new one, and keeps where a person was going', () => {
  const page = verify({ expired: true, next: '/pricing' });
  expect(page).toContain('href="/login?next=%2Fpricing"');
  expect(page).not.toContain('name="code"');
});

it('only where captured emails can be read is their page named', () => {
  expect(verify({ capturedMail: 'at_dev_mail' })).toContain('href="/dev/mail"');
  for (const capturedMail of ['unreadable', null] as const)
    expect(verify({ capturedMail })).not.toContain('/dev/mail');
});

it('whatever was typed or chosen as a name is shown as text', () => {
  const pages = [
    login({ invitation: { code: hostile, name: hostile }, email: hostile, next: hostile, problem: hostile }),
    login({ unknownCode: hostile }),
    verify({ maskedEmail: hostile, problem: hostile, next: hostile, invitedBy: hostile }),
  ];
  for (const page of pages) {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script');
  }
});
