import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RuleInput, SharedSignal } from './rule-evaluation.js';
import { defaultRuleSettings, evaluateRules, scoreHits, type Hit } from './rule-evaluation.js';
import { translations } from '../../platform/i18n/translations.js';
import type { SignalKind } from './signal.entity.js';

const noSignals: RuleInput = {
  ...{
    referralId: 'r',
    domainClass: 'familiar',
    sharedSignals: [],
    signUpsLastHour: 1,
    signUpsLastDay: 1,
    loopLength: null,
    ringSize: null,
  },
};
const sharingInput = (kind: SignalKind, more: Partial<SharedSignal>): RuleInput => ({
  ...noSignals,
  sharedSignals: [{ kind, withReferrer: false, others: 0, othersOfSameReferrer: 0, ...more }],
});

/**
 * Both sides of every rule's threshold, as docs/fraud.md says it: what does not hit yet, and what
 * just does.
 */
const thresholds: [rule: string, misses: RuleInput[], hits: RuleInput[]][] = [
  [
    'same_mailbox_as_referrer',
    [sharingInput('mailbox', { others: 5 })],
    [sharingInput('mailbox', { withReferrer: true })],
  ],
  [
    'mailbox_already_known',
    [sharingInput('mailbox', { withReferrer: true })],
    [sharingInput('mailbox', { others: 1 })],
  ],
  [
    'same_customer_as_referrer',
    [sharingInput('customer', { others: 5 })],
    [sharingInput('customer', { withReferrer: true })],
  ],
  [
    'same_card_as_referrer',
    [sharingInput('card', { others: 5 })],
    [sharingInput('card', { withReferrer: true })],
  ],
  [
    'card_already_known',
    [sharingInput('card', { withReferrer: true })],
    [sharingInput('card', { others: 1 })],
  ],
  [
    'card_used_by_many', // pays for seven other accounts or more, the referrer's included
    [sharingInput('card', { others: 6 }), sharingInput('card', { others: 5, withReferrer: true })],
    [sharingInput('card', { others: 7 }), sharingInput('card', { others: 6, withReferrer: true })],
  ],
  ['ring', [noSignals], [{ ...noSignals, ringSize: 3 }]],
  [
    'disposable_domain',
    [{ ...noSignals, domainClass: 'unfamiliar' }],
    [{ ...noSignals, domainClass: 'disposable' }],
  ],
  [
    'unclassified_domain',
    [{ ...noSignals, domainClass: null }],
    [{ ...noSignals, domainClass: 'unclassified' }],
  ],
  [
    'unfamiliar_domain',
    [{ ...noSignals, domainClass: 'familiar' }],
    [{ ...noSignals, domainClass: 'unfamiliar' }],
  ],
  ['loop', [noSignals], [{ ...noSignals, loopLength: 2 }]],
  [
    'velocity', // more than 10 in an hour, or 30 in a day
    [{ ...noSignals, signUpsLastHour: 10, signUpsLastDay: 30 }],
    [
      { ...noSignals, signUpsLastHour: 11, signUpsLastDay: 11 },
      { ...noSignals, signUpsLastHour: 10, signUpsLastDay: 31 },
    ],
  ],
  [
    'same_network_as_referrer',
    [sharingInput('network', { others: 9, othersOfSameReferrer: 9 })],
    [sharingInput('network', { withReferrer: true })],
  ],
  [
    'network_used_by_many', // four friends or more on one: the referred user and three others
    [sharingInput('network', { others: 9, othersOfSameReferrer: 2 })],
    [sharingInput('network', { others: 3, othersOfSameReferrer: 3 })],
  ],
  [
    'same_device_as_referrer',
    [sharingInput('device', { others: 9, othersOfSameReferrer: 9 })],
    [sharingInput('device', { withReferrer: true })],
  ],
  [
    'device_used_by_many', // three friends or more on one: the referred user and two others
    [sharingInput('device', { others: 9, othersOfSameReferrer: 1 })],
    [sharingInput('device', { others: 2, othersOfSameReferrer: 2 })],
  ],
];

const fraudDoc = readFileSync(new URL('../../../docs/fraud.md', import.meta.url), 'utf8');
/** The rules of the document with their weights, from its table. */
const documentedRules = fraudDoc.split('\n').flatMap((line) => {
  const [, names, , weight] = /^\| ((?:`\w+`,? ?)+) *\| (.*?) *\| (\d+) /.exec(line) ?? [];
  return (names?.match(/\w+/g) ?? []).map((name) => ({
    name,
    weight: Number(weight),
    mode: 'live' as const,
  }));
});

describe('the threshold of a fraud rule', () => {
  it('every rule in docs/fraud.md is tested, and every rule is in docs/fraud.md', () => {
    const names = defaultRuleSettings.map(({ name }) => name).toSorted();
    expect(thresholds.map(([rule]) => rule).toSorted()).toEqual(names);
    const weightByName = (rules: readonly { name: string; weight: number }[]) =>
      Object.fromEntries(rules.map(({ name, weight }) => [name, weight]));
    expect(weightByName(documentedRules)).toEqual(weightByName(defaultRuleSettings));
    expect(evaluateRules(noSignals, documentedRules)).toEqual([]);
  });

  it.each(translations.locales)('every rule has a name for staff in %s', (locale) => {
    for (const { name } of defaultRuleSettings)
      expect(translations.forLocale(locale)(`fraud.rules.${name}`)).not.toContain('fraud.rules');
  });

  it.each(thresholds)('%s: hits exactly from there on', (rule, misses, hits) => {
    const found = (ruleInput: RuleInput) =>
      evaluateRules(ruleInput, documentedRules).map((hit) => hit.rule as string);
    for (const input of misses) expect([input, found(input).includes(rule)]).toEqual([input, false]);
    for (const input of hits) expect([input, found(input).includes(rule)]).toEqual([input, true]);
  });

  it('the threshold of a review is a score of 50, of a rejection 100', () => {
    const outcome = (
      ...weights: [rule: 'same_mailbox_as_referrer' | 'disposable_domain' | 'loop', weight: number][]
    ) =>
      scoreHits(weights.map(([rule, weight]) => ({ rule, weight, version: 1, mode: 'live', evidence: {} })))
        .outcome;
    expect(outcome(['loop', 49])).toBe('allow');
    expect(outcome(['loop', 50])).toBe('review');
    expect(outcome(['loop', 50], ['disposable_domain', 49])).toBe('review');
    expect(outcome(['loop', 50], ['disposable_domain', 50])).toBe('reject');
  });

  it('circumstances add up to 39 at most: alone no review, with one strong rule no rejection', () => {
    const live = (rule: Hit['rule'], weight: number): Hit => ({
      ...{ rule, weight, version: 1, mode: 'live', evidence: {} },
    });
    const circumstances = [
      live('velocity', 100),
      live('same_network_as_referrer', 100),
      live('same_device_as_referrer', 100),
    ];
    expect(scoreHits(circumstances)).toEqual({ score: 39, outcome: 'allow' });
    expect(scoreHits([...circumstances, live('loop', 60)])).toEqual({ score: 99, outcome: 'review' });
  });
});
