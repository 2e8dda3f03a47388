import type { Review } from '../conversions/conversion.js';
import type { Facts, Shared } from './facts.js';
import type { DomainClass, SignalKind } from './signals.js';

/** What a rule found: figures and kinds that speak for themselves, nothing that names a person. */
export type Evidence = Record<string, number | string | boolean>;

/** A rule: its evidence where it hits, else null. */
interface Rule {
  find(facts: Facts): Evidence | null;
  /** Counted up when the rule looks for something else, so that old findings are not taken for new ones. */
  version: number;
  /**
   * What kind of sign it is. Several signs of one kind say the same thing, so that the weightiest of them counts. A circle
   * is people who pay together or invite one another: a family does both, so that both together are no more than one.
   */
  kind: 'mailbox' | 'customer' | 'circle' | 'domain' | 'circumstance';
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

/** What honest people in one home or office share, too: never decisive, however much of it there is. */
const circumstantial = (find: Rule['find']): Rule => ({ find, kind: 'circumstance', version: 1 });

/** A sign that speaks for itself. */
const sign = (kind: Rule['kind'], find: Rule['find']): Rule => ({ find, kind, version: 1 });

/** Every rule by its name. Weights and modes are data; see docs/fraud.md. */
const rules = {
  own_mailbox: sign('mailbox', (facts) => withReferrer(facts, 'mailbox')),
  known_mailbox: sign('mailbox', (facts) => sharedByOthers(facts, 'mailbox')),
  own_customer: sign('customer', (facts) => withReferrer(facts, 'customer')),
  own_card: sign('circle', (facts) => withReferrer(facts, 'card')),
  known_card: sign('circle', (facts) => sharedByOthers(facts, 'card')),
  crowded_card: sign('circle', (facts) => crowd(facts, 'card', 7)),
  ring: sign('circle', ({ ring }) => (ring === null ? null : { people: bucket(ring) })),
  disposable_domain: sign('domain', (facts) => ofDomain(facts, 'disposable')),
  unjudged_domain: sign('domain', (facts) => ofDomain(facts, 'unjudged')),
  unfamiliar_domain: sign('domain', (facts) => ofDomain(facts, 'unfamiliar')),
  loop: sign('circle', ({ loop }) => (loop === null ? null : { people: loop })),
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
    return evidence === null ? [] : [{ rule: name, version: rules[name].version, mode, weight, evidence }];
  });
}

/** What hits add up to. Rules in shadow add nothing, and circumstances never decide by themselves. */
export function outcomeOf(hits: readonly Hit[]): { score: number; outcome: Review['outcome'] } {
  const byKind = new Map<Rule['kind'], number[]>();
  for (const { rule, mode, weight } of hits)
    if (mode === 'live' && isRuleName(rule))
      byKind.set(rules[rule].kind, [...(byKind.get(rules[rule].kind) ?? []), weight]);
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
  const people = sharedAs(facts, kind)?.others ?? 0;
  return people > 0 ? { kind, people: bucket(people) } : null;
}

function ofDomain({ domainClass }: Facts, wanted: DomainClass): Evidence | null {
  return domainClass === wanted ? { domainClass } : null;
}

function crowd(facts: Facts, kind: SignalKind, from: number): Evidence | null {
  const found = sharedAs(facts, kind);
  const people = (found?.others ?? 0) + (found?.withReferrer ? 1 : 0);
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
