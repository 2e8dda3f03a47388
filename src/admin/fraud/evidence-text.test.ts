import { expect, it } from 'vitest';
import { getTranslator } from '../../platform/i18n/translations.js';
import { evidenceText } from './evidence-text.js';

const t = getTranslator('en');
const text = (rule: string, evidence: unknown) => evidenceText(t, { rule, evidence }, 'bert@mail.example');

it('evidence is a sentence of its rule', () => {
  expect(text('card_already_known', { kind: 'card', people: 4 })).toBe(
    'The same card as at least 4 other accounts',
  );
  expect(text('disposable_domain', { domainClass: 'disposable' })).toBe('Disposable address: mail.example');
});

it.each([
  ['card_already_known', { kind: 'card' }, 'As it was stored: kind: "card"'],
  ['velocity', { lastHour: 8 }, 'As it was stored: lastHour: 8'],
  ['a_rule_that_is_gone', { people: 2, near: [1] }, 'As it was stored: people: 2, near: [1]'],
  ['ring', {}, 'No details were stored.'],
  ['ring', null, 'No details were stored.'],
  ['ring', 'many', 'No details were stored.'],
])('of an older version what is there is shown: %s %j', (rule, evidence, expected) => {
  expect(text(rule, evidence)).toBe(expected);
});

it('a value of another kind never fails the page', () => {
  for (const people of ['many', null, true, [2], { n: 1 }])
    for (const rule of ['card_already_known', 'ring']) expect(text(rule, { people })).toBeTypeOf('string');
});
