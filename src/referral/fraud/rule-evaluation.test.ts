import { describe, expect, it } from 'vitest';
import type { RuleInput, SharedSignal } from './rule-input.js';
import {
  defaultRuleSettings,
  evaluateRules,
  isRuleName,
  scoreHits,
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
