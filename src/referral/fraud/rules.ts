import type { Review } from '../conversions/conversion.js';
import type { Facts, Shared } from './facts.js';
import type { DomainClass, SignalKind } from './signals.js';

/** What a rule found: figures and kinds that speak for themselves, nothing that names a person. */
export type Evidence = Record<string, number | string | boolean>;

/** A rule: its evidence where it hits, else null. */
interface Rule {
  find(facts: Facts): Evidence | null;
  /** What kind of sign it is. Several signs of one kind say the same thing, so that the weightiest of them counts. */
  kind: 'mailbox' | 'customer' | 'card' | 'domain' | 'loop' | 'circumstance';
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
  mode: 'live' | 'shadow';
  weight: number;
  evidence: Evidence;
}

/** What honest people in one home or office share, too: never decisive, however much of it there is. */
const circumstantial = (find: Rule['find']): Rule => ({ find, kind: 'circumstance' });

/** Every rule by its name. Weights and modes are data; see docs/fraud.md. */
const rules = {
  own_mailbox: { kind: 'mailbox', find: (facts) => withReferrer(facts, 'mailbox') },
  known_mailbox: { kind: 'mailbox', find: (facts) => sharedByOthers(facts, 'mailbox') },
  own_customer: { kind: 'customer', find: (facts) => withReferrer(facts, 'customer') },
  own_card: { kind: 'card', find: (facts) => withReferrer(facts, 'card') },
  known_card: { kind: 'card', find: (facts) => sharedByOthers(facts, 'card') },
  crowded_card: { kind: 'card', find: (facts) => crowd(facts, 'card', 5) },
  ring: { kind: 'card', find: ({ ring }) => (ring === null ? null : { people: ring }) },
  disposable_domain: { kind: 'domain', find: (facts) => ofDomain(facts, 'disposable') },
  unjudged_domain: { kind: 'domain', find: (facts) => ofDomain(facts, 'unjudged') },
  unfamiliar_domain: { kind: 'domain', find: (facts) => ofDomain(facts, 'unfamiliar') },
  loop: { kind: 'loop', find: ({ loop }) => (loop === null ? null : { people: loop }) },
  velocity: circumstantial(({ lastHour, lastDay }) =>
    lastHour > 10 || lastDay > 30 ? { lastHour: bucket(lastHour), lastDay: bucket(lastDay) } : null,
  ),
  own_network: circumstantial((facts) => withReferrer(facts, 'network')),
  crowded_network: circumstantial((facts) => broughtBySame(facts, 'network', 3)),
  own_device: circumstantial((facts) => withReferrer(facts, 'device')),
  crowded_device: circumstantial((facts) => broughtBySame(facts, 'device', 2)),
} satisfies Record<string, Rule>;

/** The name of a rule. */
export type RuleName = keyof typeof rules;

const reviewFrom = 50;
const rejectFrom = 100;
/** Below what a review takes, and together with one strong sign below a rejection. */
const circumstantialAtMost = 39;

/** Every rule that hits, with what it weighs. */
export function hitsOf(facts: Facts, settings: readonly RuleSetting[]): Hit[] {
  return settings.flatMap(({ name, mode, weight }) => {
    if (mode === 'off' || !isRuleName(name)) return [];
    const evidence = rules[name].find(facts);
    return evidence === null ? [] : [{ rule: name, mode, weight, evidence }];
  });
}

/** What hits add up to. Rules in shadow add nothing, and circumstances never decide by themselves. */
export function outcomeOf(hits: readonly Hit[]): { score: number; outcome: Review['outcome'] } {
  const byKind = new Map<Rule['kind'], number[]>();
  for (const { rule, mode, weight } of hits)
    if (mode === 'live') byKind.set(rules[rule].kind, [...(byKind.get(rules[rule].kind) ?? []), weight]);
  const circumstances = (byKind.get('circumstance') ?? []).reduce((sum, weight) => sum + weight, 0);
  byKind.delete('circumstance');
  const signs = [...byKind.values()].reduce((sum, weights) => sum + Math.max(...weights), 0);
  const score = signs + Math.min(circumstances, circumstantialAtMost);
  return { score, outcome: score >= rejectFrom ? 'reject' : score >= reviewFrom ? 'review' : 'allow' };
}

/** Whether somebody may set a rule of this name. */
export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(rules, name);
}

function sharedAs({ shared }: Facts, kind: SignalKind): Shared | undefined {
  return shared.find((own) => own.kind === kind);
}

function withReferrer(facts: Facts, kind: SignalKind): Evidence | null {
  return sharedAs(facts, kind)?.withReferrer ? { kind, withReferrer: true } : null;
}

/** Shared with people who are not the referrer. */
function sharedByOthers(facts: Facts, kind: SignalKind): Evidence | null {
  const found = sharedAs(facts, kind);
  const people = (found?.people ?? 0) - (found?.withReferrer ? 1 : 0);
  return people > 0 ? { kind, people: bucket(people) } : null;
}

function ofDomain({ domainClass }: Facts, wanted: DomainClass): Evidence | null {
  return domainClass === wanted ? { domainClass } : null;
}

function crowd(facts: Facts, kind: SignalKind, from: number): Evidence | null {
  const people = sharedAs(facts, kind)?.people ?? 0;
  return people >= from ? { kind, people: bucket(people) } : null;
}

function broughtBySame(facts: Facts, kind: SignalKind, from: number): Evidence | null {
  const people = sharedAs(facts, kind)?.broughtBySame ?? 0;
  return people >= from ? { kind, broughtBySame: bucket(people) } : null;
}

/** Rounded down to a power of two: evidence that only grows by one is not written down anew each time. */
function bucket(count: number): number {
  return count <= 2 ? count : 2 ** Math.floor(Math.log2(count));
}
