import { expect, it } from '@jest/globals';
import { letterPage } from './mailbox-page.js';

it('a letter offers to copy the code that stands alone on a line, and no other number', () => {
  const letter = { id: 'l1', to: 'a@b.c', subject: 'Hello', createdAt: new Date('2026-11-01T12:00:00Z') };
  expect(letterPage({ ...letter, text: 'Enter this:\n\n123456\n' })).toContain('data-copy="123456"');
  expect(letterPage({ ...letter, text: 'Order 123456 is paid.' })).not.toContain('data-copy');
});
