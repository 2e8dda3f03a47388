import { describe, expect, it } from 'vitest';
import type { RuleInput, SharedSignal } from './rule-input.js';
import { evaluateRules, isRuleName, scoreHits, type RuleSetting } from './rule-evaluation.js';
import type { SignalKind } from './signals.js';

const weights: Record<string, number> = {
  own_mailbox: 100,
  known_mailbox: 100,
  own_customer: 100,
  own_card: 60,
  known_card: 60,
  crowded_card: 100,
  ring: 60,
  disposable_domain: 60,
  unjudged_domain: 60,
  loop: 60,
  velocity: 20,
  own_network: 15,
  crowded_network: 15,
  own_device: 20,
  crowded_device: 20,
};
const defaultSettings: RuleSetting[] = Object.entries(weights).map(([name, weight]) => ({
  ...{ name, weight, mode: 'live' },
}));

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
  it('never decide by circumstances, whatever an operator lets them weigh', () => {
    const heaviest = defaultSettings.map((rule) => ({ ...rule, weight: 100 }));
    expect(evaluateRules(householdInput, heaviest).map(({ rule }) => rule)).toEqual([
      ...['velocity', 'own_network', 'crowded_network', 'own_device', 'crowded_device'],
    ]);
    expect(outcomeFor(householdInput, heaviest)).toBe('allow');
  });

  it('review a household with one card, and never reject it', () => {
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

  it('reject the card of the referrer with a second strong sign, and their mailbox or customer by itself', () => {
    const card = [sharedByAll('card', 0)];
    expect(outcomeFor({ ...noSignals, sharedSignals: card, domainClass: 'disposable' })).toBe('reject');
    expect(outcomeFor({ ...noSignals, sharedSignals: [sharedByAll('card', 7)] })).toBe('reject');
    for (const kind of ['mailbox', 'customer'] as const)
      expect(outcomeFor({ ...noSignals, sharedSignals: [sharedByAll(kind, 0)] })).toBe('reject');
  });

  it('count several signs of one kind once', () => {
    const twice = { ...noSignals, sharedSignals: [sharedByAll('card', 1)], ringSize: 3 };
    expect(scoreHits(evaluateRules(twice, defaultSettings)).score).toBe(60);
  });

  it('say nothing in shadow or when they are off, nor of a rule that is no longer there', () => {
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
