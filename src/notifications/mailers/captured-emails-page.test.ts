import { expect, it } from 'vitest';
import { capturedEmailPage, capturedEmailsPage } from './captured-emails-page.js';

it('an email offers to copy the code that stands alone on a line, and no other number', () => {
  const email = { id: 'l1', to: 'a@b.c', subject: 'Hello', createdAt: new Date('2026-11-01T12:00:00Z') };
  expect(capturedEmailPage({ ...email, text: 'Enter this:\n\n123456\n' })).toContain('data-copy="123456"');
  expect(capturedEmailPage({ ...email, text: 'Order 123456 is paid.' })).not.toContain('data-copy');
});

const hostile = '"><script>alert(1)</script>';
const hostileEmail = {
  id: hostile,
  to: hostile,
  subject: hostile,
  text: hostile,
  html: hostile,
  createdAt: new Date('2026-11-01T12:00:00Z'),
};

it('a kept email is shown as text, whatever it holds', () => {
  for (const page of [capturedEmailsPage([hostileEmail]), capturedEmailPage(hostileEmail)]) {
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script');
  }
});

it('an empty mailbox says how an email gets there', () =>
  expect(capturedEmailsPage([])).toContain('Request a sign-in code'));
