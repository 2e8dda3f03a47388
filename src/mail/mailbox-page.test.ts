import { expect, it } from '@jest/globals';
import { letterPage, mailboxPage } from './pages/mailbox-page.js';

const hostile = '"><script>alert(1)</script>';
const letter = {
  id: hostile,
  to: hostile,
  subject: hostile,
  text: hostile,
  html: hostile,
  createdAt: new Date('2026-11-01T12:00:00Z'),
};

it('a kept letter is shown as text, whatever it holds', () => {
  for (const page of [mailboxPage([letter]), letterPage(letter)]) {
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script');
  }
});

it('an empty mailbox says how a letter gets there', () =>
  expect(mailboxPage([])).toContain('Ask for a sign-in code'));
