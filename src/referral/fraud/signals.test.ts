import { expect, it } from 'vitest';
import { Secrets } from '../../platform/security/secrets.js';
import { hashSignals } from './signals.js';

const [old, young] = ['an old key of thirty-two bytes or more', 'a new key of thirty-two bytes or more'];
const hashes = (keys: string[], value = 'anna@example.org', kind: 'mailbox' | 'card' = 'mailbox') =>
  hashSignals(new Secrets(keys), kind, value).map(({ hash }) => hash.toString('hex'));

it('recognises a person after the key was changed', () =>
  expect(hashes([young, old])).toEqual([...hashes([young]), ...hashes([old])]));

it('is worthless without the key, and for another kind', () => {
  expect(hashes([old])).not.toEqual(hashes([young]));
  expect(hashes([old])).not.toEqual(hashes([old], 'anna@example.org', 'card'));
});
