import { describe, expect, it } from 'vitest';
import type { RuleInput, SharedSignal } from './rule-evaluation.js';
import {
  defaultRuleSettings,
  evaluateRules,
  isRuleName,
  scoreHits,
  type Hit,
  type RuleName,
  type RuleSetting,
} from './rule-evaluation.js';
import type { SignalKind } from './signal.entity.js';

const defaultSettings: readonly RuleSetting[] = defaultRuleSettings.filter(({ mode }) => mode === 'live');

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
const sharedByAll = (kind: SignalKind, others = 50): SharedSignal => ({
  ...{ kind, withReferrer: true, others, othersOfSameReferrer: others },
});
const householdInput: RuleInput = {
  ...noSignals,
  sharedSignals: [sharedByAll('network'), sharedByAll('device')],
  ...{ signUpsLastHour: 100, signUpsLastDay: 100 },
};
const outcomeFor = (ruleInput: RuleInput, settings = defaultSettings) =>
  scoreHits(evaluateRules(ruleInput, settings)).outcome;

const hit = (rule: RuleName, weight: number): Hit => ({
  ...{ rule, weight, version: 1, mode: 'live', evidence: {} },
});

describe('the rules', () => {
  it('the rules never decide by circumstances, whatever an operator lets them weigh', () => {
    const heaviest = defaultSettings.map((rule) => ({ ...rule, weight: 100 }));
    expect(evaluateRules(householdInput, heaviest).map(({ rule }) => rule)).toEqual([
      ...[
        'velocity',
        'same_network_as_referrer',
        'network_used_by_many',
        'same_device_as_referrer',
        'device_used_by_many',
      ],
    ]);
    expect(outcomeFor(householdInput, heaviest)).toBe('allow');
  });

  it('the rules review a household with one card, and never reject it', () => {
    for (const others of [0, 1, 2, 3, 4])
      for (const loop of [null, 2])
        expect(
          outcomeFor({
            ...householdInput,
            sharedSignals: [...householdInput.sharedSignals, sharedByAll('card', others)],
            ringSize: others + 2,
            loopLength: loop,
          }),
        ).toBe('review');
  });

  it('the rules reject the card of the referrer with a second strong sign, and their mailbox or customer by itself', () => {
    const card = [sharedByAll('card', 0)];
    expect(outcomeFor({ ...noSignals, sharedSignals: card, domainClass: 'disposable' })).toBe('reject');
    expect(outcomeFor({ ...noSignals, sharedSignals: [sharedByAll('card', 7)] })).toBe('reject');
    for (const kind of ['mailbox', 'customer'] as const)
      expect(outcomeFor({ ...noSignals, sharedSignals: [sharedByAll(kind, 0)] })).toBe('reject');
  });

  it('the rules count several signs of one kind once', () => {
    const twice = { ...noSignals, sharedSignals: [sharedByAll('card', 1)], ringSize: 3 };
    expect(scoreHits(evaluateRules(twice, defaultSettings)).score).toBe(60);
  });

  it.each([
    [['same_mailbox_as_referrer', 'mailbox_already_known']],
    [['same_card_as_referrer', 'card_already_known', 'card_used_by_many', 'ring', 'loop']],
    [['disposable_domain', 'unclassified_domain', 'unfamiliar_domain']],
  ] as const)('of %j the weightiest counts alone', (names) => {
    const hits = names.map((rule, index) => hit(rule, 10 + index));
    expect(scoreHits(hits).score).toBe(10 + names.length - 1);
    expect(scoreHits(hits.toReversed()).score).toBe(10 + names.length - 1);
  });

  it('the rules add up signs of different kinds', () => {
    const strong = [
      'ring',
      'disposable_domain',
      'mailbox_already_known',
      'same_customer_as_referrer',
    ] as const;
    expect(scoreHits(strong.map((rule) => hit(rule, 10)))).toEqual({ score: 40, outcome: 'allow' });
    expect(scoreHits([hit('velocity', 5), hit('same_device_as_referrer', 6)]).score).toBe(11);
    expect(scoreHits([])).toEqual({ score: 0, outcome: 'allow' });
  });

  it('the rules keep what they found: numbers that grow slowly, and nothing that names a person', () => {
    const everything: RuleInput = {
      ...noSignals,
      sharedSignals: (['mailbox', 'customer', 'card', 'network', 'device'] as const).map((kind) =>
        sharedByAll(kind, 7),
      ),
      ...{ domainClass: 'unfamiliar', signUpsLastHour: 0, signUpsLastDay: 31, loopLength: 3, ringSize: 9 },
    };
    const found = evaluateRules(everything, defaultRuleSettings);
    expect(Object.fromEntries(found.map(({ rule, evidence }) => [rule, evidence]))).toEqual({
      same_mailbox_as_referrer: { kind: 'mailbox', withReferrer: true },
      mailbox_already_known: { kind: 'mailbox', people: 4 },
      same_customer_as_referrer: { kind: 'customer', withReferrer: true },
      same_card_as_referrer: { kind: 'card', withReferrer: true },
      card_already_known: { kind: 'card', people: 4 },
      card_used_by_many: { kind: 'card', people: 8 },
      ring: { people: 8 },
      unfamiliar_domain: { domainClass: 'unfamiliar' },
      loop: { people: 3 },
      velocity: { lastHour: 0, lastDay: 16 },
      same_network_as_referrer: { kind: 'network', withReferrer: true },
      network_used_by_many: { kind: 'network', broughtBySame: 4 },
      same_device_as_referrer: { kind: 'device', withReferrer: true },
      device_used_by_many: { kind: 'device', broughtBySame: 4 },
    });
    expect(found.find(({ rule }) => rule === 'unfamiliar_domain')).toEqual({
      ...{ rule: 'unfamiliar_domain', version: 1, mode: 'shadow', weight: 60 },
      evidence: { domainClass: 'unfamiliar' },
    });
  });

  it('the rules decide by default, but for unfamiliar domains, which too many people have', () => {
    const names = defaultRuleSettings
      .filter(({ mode }) => mode !== 'live')
      .map(({ name, mode }) => [name, mode]);
    expect(names).toEqual([['unfamiliar_domain', 'shadow']]);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 4],
    [7, 4],
    [8, 8],
  ])('a ring of %i people is kept as %i', (ringSize, people) => {
    const ring = evaluateRules({ ...noSignals, ringSize }, [{ name: 'ring', mode: 'live', weight: 60 }]);
    expect(ring.map(({ evidence }) => evidence)).toEqual([{ people }]);
  });

  it('the rules find nothing when they are off, and something in shadow', () => {
    const found = (mode: RuleSetting['mode']) =>
      evaluateRules({ ...noSignals, loopLength: 2 }, [{ name: 'loop', mode, weight: 60 }]).length;
    expect([found('live'), found('shadow'), found('off')]).toEqual([1, 1, 0]);
  });

  it('a hit of a rule that is no longer there weighs nothing', () => {
    expect(scoreHits([hit('of_old' as RuleName, 100), hit('loop', 60)]).score).toBe(60);
  });

  it('the rules say nothing in shadow or when they are off, nor of a rule that is no longer there', () => {
    const mailbox = { ...noSignals, sharedSignals: [sharedByAll('mailbox')] };
    for (const mode of ['shadow', 'off'] as const)
      expect(
        outcomeFor(
          mailbox,
          defaultSettings.map((rule) => ({ ...rule, mode })),
        ),
      ).toBe('allow');
    expect(evaluateRules(mailbox, [{ name: 'of_old', mode: 'live', weight: 100 }])).toEqual([]);
    expect(isRuleName('toString')).toBe(false);
  });
});
