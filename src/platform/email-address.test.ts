import { expect, it } from 'vitest';
import { canonicalMailbox, maskEmail, parseEmail } from './email-address.js';

it.each([
  ['  Anna@Example.ORG ', 'anna@example.org'],
  ['a+b@example.org', 'a+b@example.org'],
  ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
])('reads %p as %s', (text, email) => expect(parseEmail(text)).toBe(email));

it.each([
  '',
  'anna',
  '@example.org',
  'anna@',
  'anna@localhost',
  'an na@example.org',
  'anna@example.org\r\nBcc: x@example.org',
  'anna\0@example.org',
  'anna@example.org,bert@example.org',
  'Anna <anna@example.org>',
  `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.org`,
])('refuses %p', (text) => expect(parseEmail(text)).toBeNull());

it('shows of an address no more than two letters and the top-level domain', () =>
  expect(maskEmail('anna@example.co.uk')).toBe('a•••@e•••.uk'));

it.each([
  ['anna+shop@example.org', 'anna@example.org'],
  ['+anna@example.org', '+anna@example.org'],
  ['a.n.n.a+x@googlemail.com', 'anna@gmail.com'],
  ['a.b@example.org', 'a.b@example.org'],
  ['an.na_m-x+1@protonmail.com', 'annamx@proton.me'],
  ['anna@pm.me', 'anna@proton.me'],
  ['_@pm.me', '_@proton.me'],
  ['anna@hotmail.com', 'anna@hotmail.com'],
  ['anna@outlook.com', 'anna@outlook.com'],
  ['an-na@gmail.com', 'an-na@gmail.com'],
])('recognises the mailbox of %s', (email, mailbox) => expect(canonicalMailbox(email)).toBe(mailbox));
