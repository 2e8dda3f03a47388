import { expect, it } from 'vitest';
import type { RecentHit } from './fraud.repository.js';
import type { Hit, RuleName } from './rule-evaluation.js';
import { simulateRule } from './rule-simulation.js';

const hit = (rule: RuleName, mode: Hit['mode'], weight: number): RecentHit => ({
  ...{ referralId: 'a', rule, version: 1, mode, weight, evidence: {} },
  ...{ at: new Date(0), decision: null },
});
const outcomes = (setting: Parameters<typeof simulateRule>[0], own: RecentHit, live: RecentHit[]) =>
  simulateRule(setting, [own], live).map(({ before, after }) => [before, after]);

it('a rule in shadow would have held what nothing else did', () => {
  const shadow = hit('unfamiliar_domain', 'shadow', 60);
  const name = shadow.rule;
  expect(outcomes({ name, mode: 'live', weight: 60 }, shadow, [])).toEqual([['allow', 'review']]);
  expect(outcomes({ name, mode: 'live', weight: 40 }, shadow, [])).toEqual([['allow', 'allow']]);
  expect(outcomes({ name, mode: 'shadow', weight: 60 }, shadow, [])).toEqual([['allow', 'allow']]);
});

it('a rule in shadow would have rejected what another kind of rule held', () => {
  const shadow = hit('unfamiliar_domain', 'shadow', 60);
  const card = hit('same_card_as_referrer', 'live', 60);
  expect(outcomes({ name: shadow.rule, mode: 'live', weight: 60 }, shadow, [card])).toEqual([
    ['review', 'reject'],
  ]);
});

it('a live rule that is switched off, or weighs less, lets go what it held alone', () => {
  const live = hit('disposable_domain', 'live', 60);
  expect(outcomes({ name: live.rule, mode: 'off', weight: 60 }, live, [live])).toEqual([['review', 'allow']]);
  expect(outcomes({ name: live.rule, mode: 'live', weight: 49 }, live, [live])).toEqual([
    ['review', 'allow'],
  ]);
  expect(outcomes({ name: live.rule, mode: 'live', weight: 100 }, live, [live])).toEqual([
    ['review', 'reject'],
  ]);
});

it('a hit of another referral changes nothing', () => {
  const shadow = hit('unfamiliar_domain', 'shadow', 10);
  const elsewhere = { ...hit('same_mailbox_as_referrer', 'live', 100), referralId: 'b' };
  expect(outcomes({ name: shadow.rule, mode: 'live', weight: 10 }, shadow, [elsewhere])).toEqual([
    ['allow', 'allow'],
  ]);
});
