import type { Review } from '../conversions/reward-status.js';
import type { DomainClass } from './email-domain-class.js';
import type { SignalKind } from './signal.entity.js';

/**
 * Who shares one signal with the referred user: the referrer, and how many others (of many, only
 * the newest are counted).
 */
export interface SharedSignal {
  kind: SignalKind;
  withReferrer: boolean;
  others: number;
  /** Those of the others whom the same referrer referred. */
  othersOfSameReferrer: number;
}

/**
 * What the rules check. `signUpsLastHour` and `signUpsLastDay`: sign-ups through the same referrer
 * up to this one, itself included, counted up to a limit. `loopLength`: how many referrals lead
 * from the referrer back to the referred user; `ringSize`: how many people are linked to the
 * referred user by cards, customers or mailboxes, while referrals connect them; null where there is
 * none.
 */
export interface RuleInput {
  referralId: string;
  domainClass: DomainClass | null;
  sharedSignals: SharedSignal[];
  signUpsLastHour: number;
  signUpsLastDay: number;
  loopLength: number | null;
  ringSize: number | null;
}

/** What a rule found: numbers and kinds, nothing that identifies a person. */
export type Evidence = Record<string, number | string | boolean>;

/** A rule: its evidence where it hits, else null. */
interface FraudRule {
  detect(ruleInput: RuleInput): Evidence | null;
  /**
   * Increased when the rule checks something else, so that old hits are not mistaken for new ones.
   */
  version: number;
  /**
   * What kind of evidence it is. Of each kind only the heaviest hit counts, since several say the
   * same. A circle is people who pay together or refer one another: a family does both, so both are
   * one kind.
   */
  kind: 'mailbox' | 'customer' | 'circle' | 'domain' | 'circumstance';
  /** What it may do until the operator says otherwise. */
  mode: RuleSetting['mode'];
  weight: number;
}

/** What a rule may do, as the operator has set it. */
export interface RuleSetting {
  name: string;
  mode: 'live' | 'shadow' | 'off';
  weight: number;
}

/** A rule that hit. */
export interface Hit {
  rule: RuleName;
  version: number;
  mode: 'live' | 'shadow';
  weight: number;
  evidence: Evidence;
}

/** What honest people in one home or office share, too: never enough by itself. */
const circumstantialRule = (weight: number, detect: FraudRule['detect']): FraudRule => ({
  detect,
  kind: 'circumstance',
  version: 1,
  mode: 'live',
  weight,
});

/** Evidence that can decide by itself. */
const strongRule = (kind: FraudRule['kind'], weight: number, detect: FraudRule['detect']): FraudRule => ({
  detect,
  kind,
  version: 1,
  mode: 'live',
  weight,
});

/** Every rule by its name. Weights and modes become data at the next start; see docs/fraud.md. */
const fraudRules = {
  same_mailbox_as_referrer: strongRule('mailbox', 100, (input) => sharedWithReferrer(input, 'mailbox')),
  mailbox_already_known: strongRule('mailbox', 100, (input) => sharedByOthers(input, 'mailbox')),
  same_customer_as_referrer: strongRule('customer', 100, (input) => sharedWithReferrer(input, 'customer')),
  same_card_as_referrer: strongRule('circle', 60, (input) => sharedWithReferrer(input, 'card')),
  card_already_known: strongRule('circle', 60, (input) => sharedByOthers(input, 'card')),
  card_used_by_many: strongRule('circle', 100, (input) => sharedByAtLeast(input, 'card', 7)),
  ring: strongRule('circle', 60, ({ ringSize }) =>
    ringSize === null ? null : { people: roundToPowerOfTwo(ringSize) },
  ),
  disposable_domain: strongRule('domain', 60, (input) => hasDomainClass(input, 'disposable')),
  unclassified_domain: strongRule('domain', 60, (input) => hasDomainClass(input, 'unclassified')),
  unfamiliar_domain: {
    ...strongRule('domain', 60, (input) => hasDomainClass(input, 'unfamiliar')),
    mode: 'shadow',
  },
  loop: strongRule('circle', 60, ({ loopLength }) => (loopLength === null ? null : { people: loopLength })),
  velocity: circumstantialRule(20, ({ signUpsLastHour, signUpsLastDay }) =>
    signUpsLastHour > 10 || signUpsLastDay > 30
      ? { lastHour: roundToPowerOfTwo(signUpsLastHour), lastDay: roundToPowerOfTwo(signUpsLastDay) }
      : null,
  ),
  same_network_as_referrer: circumstantialRule(15, (input) => sharedWithReferrer(input, 'network')),
  network_used_by_many: circumstantialRule(15, (input) => sharedWithinReferrer(input, 'network', 3)),
  same_device_as_referrer: circumstantialRule(20, (input) => sharedWithReferrer(input, 'device')),
  device_used_by_many: circumstantialRule(20, (input) => sharedWithinReferrer(input, 'device', 2)),
} satisfies Record<string, FraudRule>;

/** The name of a rule. */
export type RuleName = keyof typeof fraudRules;

/** What each rule may do in an installation that has set nothing. */
export const defaultRuleSettings: readonly RuleSetting[] = Object.entries<FraudRule>(fraudRules).map(
  ([name, { mode, weight }]) => ({ name, mode, weight }),
);

/** The names of the rules that never decide by themselves. */
export const circumstantialRules: readonly string[] = Object.entries<FraudRule>(fraudRules)
  .filter(([, { kind }]) => kind === 'circumstance')
  .map(([name]) => name);

const reviewThreshold = 50;
const rejectThreshold = 100;
/** Below the threshold of a review, and with one strong hit below that of a rejection. */
const maxCircumstantialScore = 39;

/** Every rule that hits, with what it weighs. */
export function evaluateRules(ruleInput: RuleInput, settings: readonly RuleSetting[]): Hit[] {
  return settings.flatMap(({ name, mode, weight }) => {
    if (mode === 'off' || !isRuleName(name)) return [];
    const evidence = fraudRules[name].detect(ruleInput);
    return evidence === null
      ? []
      : [{ rule: name, version: fraudRules[name].version, mode, weight, evidence }];
  });
}

/** The score of hits. Rules in shadow add nothing, and circumstances never decide by themselves. */
export function scoreHits(hits: readonly Hit[]): { score: number; outcome: Review['outcome'] } {
  const byKind = new Map<FraudRule['kind'], number[]>();
  for (const { rule, mode, weight } of hits)
    if (mode === 'live' && isRuleName(rule))
      byKind.set(fraudRules[rule].kind, [...(byKind.get(fraudRules[rule].kind) ?? []), weight]);
  const circumstantialScore = (byKind.get('circumstance') ?? []).reduce((sum, weight) => sum + weight, 0);
  byKind.delete('circumstance');
  const strongScore = [...byKind.values()].reduce((sum, weights) => sum + Math.max(...weights), 0);
  const score = strongScore + Math.min(circumstantialScore, maxCircumstantialScore);
  return {
    score,
    outcome: score >= rejectThreshold ? 'reject' : score >= reviewThreshold ? 'review' : 'allow',
  };
}

/** Whether a person may set a rule of this name. */
export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(fraudRules, name);
}

function findShared({ sharedSignals }: RuleInput, kind: SignalKind): SharedSignal | undefined {
  return sharedSignals.find((own) => own.kind === kind);
}

function sharedWithReferrer(ruleInput: RuleInput, kind: SignalKind): Evidence | null {
  return findShared(ruleInput, kind)?.withReferrer ? { kind, withReferrer: true } : null;
}

/** Shared with people who are not the referrer. */
function sharedByOthers(ruleInput: RuleInput, kind: SignalKind): Evidence | null {
  const people = findShared(ruleInput, kind)?.others ?? 0;
  return people > 0 ? { kind, people: roundToPowerOfTwo(people) } : null;
}

function hasDomainClass({ domainClass }: RuleInput, wanted: DomainClass): Evidence | null {
  return domainClass === wanted ? { domainClass } : null;
}

function sharedByAtLeast(ruleInput: RuleInput, kind: SignalKind, minPeople: number): Evidence | null {
  const found = findShared(ruleInput, kind);
  const people = (found?.others ?? 0) + (found?.withReferrer ? 1 : 0);
  return people >= minPeople ? { kind, people: roundToPowerOfTwo(people) } : null;
}

function sharedWithinReferrer(ruleInput: RuleInput, kind: SignalKind, minPeople: number): Evidence | null {
  const people = findShared(ruleInput, kind)?.othersOfSameReferrer ?? 0;
  return people >= minPeople ? { kind, broughtBySame: roundToPowerOfTwo(people) } : null;
}

/** Rounded down to a power of two, so that evidence is not stored again for each person more. */
function roundToPowerOfTwo(count: number): number {
  return 2 ** Math.floor(Math.log2(count)); // 0 stays 0
}
