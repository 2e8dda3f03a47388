import { expect, it } from 'vitest';
import { classifyEmailDomain } from './email-domain-class.js';

it.each([
  ['anna@gmail.com', 'familiar'],
  ['anna@example.org', 'unfamiliar'],
  ['anna@xn--bcher-kva.example', 'unfamiliar'],
  ['anna@mailinator.com', 'disposable'],
  ['anna@inbox.mailinator.com', 'disposable'],
  ['anna@notmailinator.com.example', 'unfamiliar'],
  ['anna@throw.away.example', 'disposable'],
  ['anna@[192.0.2.1]', 'unclassified'],
  ['anna@localhost', 'unclassified'],
  ['anna@exa_mple.org', 'unclassified'],
])('knows the domain of %s as %s', (email, known) =>
  expect(classifyEmailDomain(email, ['away.example'])).toBe(known),
);
