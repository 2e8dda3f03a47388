import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Facts, Shared } from './facts.js';
import { hitsOf, isRuleName, outcomeOf, type Hit } from './rules.js';
import type { SignalKind } from './signals.js';

const nothing: Facts = {
  ...{
    referralId: 'r',
    domainClass: 'familiar',
    shared: [],
    lastHour: 1,
    lastDay: 1,
    loop: null,
    ring: null,
  },
};
const shares = (kind: SignalKind, more: Partial<Shared>): Facts => ({
  ...nothing,
  shared: [{ kind, withReferrer: false, others: 0, broughtBySame: 0, ...more }],
});

/** Both sides of every rule's threshold, as docs/fraud.md says it: what does not hit yet, and what just does. */
const thresholds: [rule: string, misses: Facts[], hits: Facts[]][] = [
  ['own_mailbox', [shares('mailbox', { others: 5 })], [shares('mailbox', { withReferrer: true })]],
  ['known_mailbox', [shares('mailbox', { withReferrer: true })], [shares('mailbox', { others: 1 })]],
  ['own_customer', [shares('customer', { others: 5 })], [shares('customer', { withReferrer: true })]],
  ['own_card', [shares('card', { others: 5 })], [shares('card', { withReferrer: true })]],
  ['known_card', [shares('card', { withReferrer: true })], [shares('card', { others: 1 })]],
  [
    'crowded_card', // pays for seven other accounts or more, the referrer's included
    [shares('card', { others: 6 }), shares('card', { others: 5, withReferrer: true })],
    [shares('card', { others: 7 }), shares('card', { others: 6, withReferrer: true })],
  ],
  ['ring', [nothing], [{ ...nothing, ring: 3 }]],
  [
    'disposable_domain',
    [{ ...nothing, domainClass: 'unfamiliar' }],
    [{ ...nothing, domainClass: 'disposable' }],
  ],
  ['unjudged_domain', [{ ...nothing, domainClass: null }], [{ ...nothing, domainClass: 'unjudged' }]],
  [
    'unfamiliar_domain',
    [{ ...nothing, domainClass: 'familiar' }],
    [{ ...nothing, domainClass: 'unfamiliar' }],
  ],
  ['loop', [nothing], [{ ...nothing, loop: 2 }]],
  [
    'velocity', // more than 10 in an hour, or 30 in a day
    [{ ...nothing, lastHour: 10, lastDay: 30 }],
    [
      { ...nothing, lastHour: 11, lastDay: 11 },
      { ...nothing, lastHour: 10, lastDay: 31 },
    ],
  ],
  [
    'own_network',
    [shares('network', { others: 9, broughtBySame: 9 })],
    [shares('network', { withReferrer: true })],
  ],
  [
    'crowded_network', // four friends or more on one: the newcomer and three others
    [shares('network', { others: 9, broughtBySame: 2 })],
    [shares('network', { others: 3, broughtBySame: 3 })],
  ],
  [
    'own_device',
    [shares('device', { others: 9, broughtBySame: 9 })],
    [shares('device', { withReferrer: true })],
  ],
  [
    'crowded_device', // three friends or more on one: the newcomer and two others
    [shares('device', { others: 9, broughtBySame: 1 })],
    [shares('device', { others: 2, broughtBySame: 2 })],
  ],
];

const document = readFileSync(new URL('../../../docs/fraud.md', import.meta.url), 'utf8');
/** The rules of the document with their weights, from its table. */
const documented = document.split('\n').flatMap((line) => {
  const [, names, , weight] = /^\| ((?:`\w+`,? ?)+) *\| (.*?) *\| (\d+) /.exec(line) ?? [];
  return (names?.match(/\w+/g) ?? []).map((name) => ({
    name,
    weight: Number(weight),
    mode: 'live' as const,
  }));
});

describe('the threshold of a fraud rule', () => {
  it('is tried for every rule that the document lists, and the document lists every rule', () => {
    expect(thresholds.map(([rule]) => rule).toSorted()).toEqual(
      documented.map(({ name }) => name).toSorted(),
    );
    expect(documented.every(({ name }) => isRuleName(name))).toBe(true);
    // a rule that is not in the document would hit as well
    const all = hitsOf(nothing, documented);
    expect(all).toEqual([]);
  });

  it.each(thresholds)('%s: hits exactly from there on', (rule, misses, hits) => {
    const found = (facts: Facts) => hitsOf(facts, documented).map((hit) => hit.rule as string);
    for (const facts of misses) expect([facts, found(facts).includes(rule)]).toEqual([facts, false]);
    for (const facts of hits) expect([facts, found(facts).includes(rule)]).toEqual([facts, true]);
  });

  it('of a review is a score of 50, of a rejection 100', () => {
    const outcome = (...weights: [rule: 'own_mailbox' | 'disposable_domain' | 'loop', weight: number][]) =>
      outcomeOf(weights.map(([rule, weight]) => ({ rule, weight, version: 1, mode: 'live', evidence: {} })))
        .outcome;
    expect(outcome(['loop', 49])).toBe('allow');
    expect(outcome(['loop', 50])).toBe('review');
    expect(outcome(['loop', 50], ['disposable_domain', 49])).toBe('review');
    expect(outcome(['loop', 50], ['disposable_domain', 50])).toBe('reject');
  });

  it('of circumstances together is 39 at most: alone no review, with one strong sign no rejection', () => {
    const live = (rule: Hit['rule'], weight: number): Hit => ({
      ...{ rule, weight, version: 1, mode: 'live', evidence: {} },
    });
    const circumstances = [live('velocity', 100), live('own_network', 100), live('own_device', 100)];
    expect(outcomeOf(circumstances)).toEqual({ score: 39, outcome: 'allow' });
    expect(outcomeOf([...circumstances, live('loop', 60)])).toEqual({ score: 99, outcome: 'review' });
  });
});
