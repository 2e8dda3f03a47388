import { expect, it } from 'vitest';
import { loginPage, type LoginPageModel, verifyPage, type VerifyPageModel } from './sign-in-pages.js';

const hostile = '"><script>alert(1)</script>';
const login = (over: Partial<LoginPageModel> = {}) =>
  loginPage({
    formId: 'form-1',
    invitation: null,
    unknownCode: null,
    creditDays: 45,
    holdDays: 0,
    email: '',
    next: null,
    problem: null,
    programmePaused: false,
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
    invitedBy: null,
    ...over,
  });

it('an invited visitor sees who invited them and what it brings', () => {
  const page = login({ invitation: { code: 'K7PQ2MXW', label: 'Anna' } });
  expect(page).toContain('Anna invited you: 45 days of paid access when you first pay.');
  expect(page).toContain('name="ref" value="K7PQ2MXW"');
  expect(page).not.toContain('50%');
});

it('the banner takes its days from the terms', () =>
  expect(login({ invitation: { code: 'C', label: 'Anna' }, creditDays: 30 })).toContain(
    '30 days of paid access',
  ));

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
  const page = login({ invitation: { code: 'C', label: 'Anna' }, programmePaused: true });
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
    login({ invitation: { code: hostile, label: hostile }, email: hostile, next: hostile, problem: hostile }),
    login({ unknownCode: hostile }),
    verify({ maskedEmail: hostile, problem: hostile, next: hostile, invitedBy: hostile }),
  ];
  for (const page of pages) {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script');
  }
});
