import { expect, it } from '@jest/globals';
import { letterPage, mailboxPage } from './mailbox-page.js';

const hostile = '"><script>alert(1)</script>';
const letter = {
  id: hostile,
  to: hostile,
  subject: hostile,
  text: hostile,
  createdAt: new Date('2026-11-01T12:00:00Z'),
};

it('a kept letter is shown as text, whatever it holds', () => {
  for (const page of [mailboxPage([letter]), letterPage(letter)]) {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script');
  }
});

it('a letter with a code offers to copy it', () => {
  expect(letterPage({ ...letter, text: 'Enter this:\n\n123456\n' })).toContain('data-copy="123456"');
  expect(letterPage({ ...letter, text: 'Order 123456 is paid.' })).not.toContain('data-copy');
});

it('an empty mailbox says how a letter gets there', () =>
  expect(mailboxPage([])).toContain('Ask for a sign-in code'));
