import { describe, expect, it } from '@jest/globals';
import type { Facts, Shared } from './facts.js';
import { hitsOf, isRuleName, outcomeOf, type RuleSetting } from './rules.js';
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
const asShipped: RuleSetting[] = Object.entries(weights).map(([name, weight]) => ({
  ...{ name, weight, mode: 'live' },
}));

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
const all = (kind: SignalKind, others = 50): Shared => ({
  ...{ kind, withReferrer: true, others, broughtBySame: others },
});
const home: Facts = {
  ...nothing,
  shared: [all('network'), all('device')],
  ...{ lastHour: 100, lastDay: 100 },
};
const judge = (facts: Facts, settings = asShipped) => outcomeOf(hitsOf(facts, settings)).outcome;

describe('the rules', () => {
  it('never decide by circumstances, whatever an operator lets them weigh', () => {
    const heaviest = asShipped.map((rule) => ({ ...rule, weight: 100 }));
    expect(hitsOf(home, heaviest).map(({ rule }) => rule)).toEqual([
      ...['velocity', 'own_network', 'crowded_network', 'own_device', 'crowded_device'],
    ]);
    expect(judge(home, heaviest)).toBe('allow');
  });

  it('review a household with one card, and never reject it', () => {
    for (const others of [0, 1, 2, 3, 4])
      for (const loop of [null, 2])
        expect(
          judge({ ...home, shared: [...home.shared, all('card', others)], ring: others + 2, loop }),
        ).toBe('review');
  });

  it('reject the card of the referrer with a second strong sign, and their mailbox or customer by itself', () => {
    const card = [all('card', 0)];
    expect(judge({ ...nothing, shared: card, domainClass: 'disposable' })).toBe('reject');
    expect(judge({ ...nothing, shared: [all('card', 7)] })).toBe('reject');
    for (const kind of ['mailbox', 'customer'] as const)
      expect(judge({ ...nothing, shared: [all(kind, 0)] })).toBe('reject');
  });

  it('count several signs of one kind once', () => {
    const twice = { ...nothing, shared: [all('card', 1)], ring: 3 };
    expect(outcomeOf(hitsOf(twice, asShipped)).score).toBe(60);
  });

  it('say nothing in shadow or when they are off, nor of a rule that is no longer there', () => {
    const mailbox = { ...nothing, shared: [all('mailbox')] };
    for (const mode of ['shadow', 'off'] as const)
      expect(
        judge(
          mailbox,
          asShipped.map((rule) => ({ ...rule, mode })),
        ),
      ).toBe('allow');
    expect(hitsOf(mailbox, [{ name: 'of_old', mode: 'live', weight: 100 }])).toEqual([]);
    expect(isRuleName('toString')).toBe(false);
  });
});
