/**
 * What Twofold is meant to be, in as few words as possible, written without reading the
 * implementation. Times are epoch milliseconds. Nothing here knows a database, an order of delivery
 * or a duplicate: facts are kept, the rest follows.
 */
export interface ReferenceModel {
  now: number;
  people: Map<string, ReferenceUser>;
  /** Which payment paid which invoice, as far as it was reported. */
  invoiceOf: Map<string, string>;
  refunds: Map<string, { payment: string; amount: number; progress: number }>;
  disputes: Map<string, { payment: string; status: string; saidAt: number }>;
}

/**
 * One person. `ahead` is what is left of their credit, in the order in which it will be used, each
 * part with whose it is.
 */
export interface ReferenceUser {
  invitedBy: string | null;
  invitedAt: number;
  paid: Map<string, { at: number; amount: number; until: number }>;
  /** All that Stripe's events have said of their subscription. */
  subscription: { saidAt: number; status: string }[];
  creditAhead: { owner: string; leftMs: number }[];
  /** What each reversal of their conversion took from whom; empty while it stands. */
  taken: Map<string, number>;
  rewardStatus: string | null;
  wasCredited: boolean;
  isManuallyReversed: boolean;
}

/** What Stripe can report. */
export type Fact =
  | { kind: 'paid'; who: string; invoice: string; at: number; amount: number; until: number }
  | { kind: 'mapped'; payment: string; invoice: string }
  | { kind: 'refund'; id: string; payment: string; amount: number; status: string }
  | { kind: 'dispute'; id: string; payment: string; status: string; saidAt: number }
  | { kind: 'subscription'; who: string; status: string; saidAt: number };

const day = 86_400_000;
const rewardMs = 45 * day;

/** A world without people. */
export function emptyModel(now: number): ReferenceModel {
  return { now, people: new Map(), invoiceOf: new Map(), refunds: new Map(), disputes: new Map() };
}

/** A new person. */
export function addUser(model: ReferenceModel, who: string, invitedBy: string | null): void {
  model.people.set(who, {
    invitedBy,
    invitedAt: model.now,
    paid: new Map(),
    subscription: [],
    creditAhead: [],
    taken: new Map(),
    rewardStatus: null,
    wasCredited: false,
    isManuallyReversed: false,
  });
}

/** Time goes on; everybody uses up what comes first. */
export function advanceTime(model: ReferenceModel, ms: number): void {
  model.now += ms;
  for (const person of model.people.values())
    for (let left = ms; left > 0 && person.creditAhead.length > 0;) {
      const first = person.creditAhead[0] as { leftMs: number };
      const used = Math.min(left, first.leftMs);
      first.leftMs -= used;
      left -= used;
      if (first.leftMs === 0) person.creditAhead.shift();
    }
}

/** Stripe reports something; the first time, once more, late or early. */
export function applyFact(model: ReferenceModel, fact: Fact): void {
  if (fact.kind === 'paid') {
    const { invoice, at, amount, until } = fact;
    userOf(model, fact.who).paid.set(invoice, { at, amount, until });
  } else if (fact.kind === 'mapped') model.invoiceOf.set(fact.payment, fact.invoice);
  else if (fact.kind === 'refund') {
    const progress = ['pending', 'succeeded', 'failed'].indexOf(fact.status);
    if (progress > (model.refunds.get(fact.id)?.progress ?? -1))
      model.refunds.set(fact.id, { payment: fact.payment, amount: fact.amount, progress });
  } else if (fact.kind === 'dispute') {
    if (fact.saidAt > (model.disputes.get(fact.id)?.saidAt ?? -1)) model.disputes.set(fact.id, fact);
  } else userOf(model, fact.who).subscription.push(fact);
  for (const who of model.people.keys()) updateReward(model, who);
}

/** A person of the team takes a conversion back, or lifts that. */
export function setManualReversal(model: ReferenceModel, who: string, reverse: boolean): void {
  userOf(model, who).isManuallyReversed = reverse;
  updateReward(model, who);
}

/** Days given manually. */
export function grantCredit(model: ReferenceModel, who: string, owner: string, days: number): void {
  userOf(model, who).creditAhead.push({ owner, leftMs: days * day });
}

/** Days given manually, taken back as far as they are ahead. */
export function revokeCredit(model: ReferenceModel, who: string, owner: string): void {
  takeCredit(userOf(model, who), owner);
}

/** What a person has: days ahead in milliseconds, tier, and how their own invitation stands. */
export function stateOf(
  model: ReferenceModel,
  who: string,
): { msAhead: number; tier: string; standing: string | null } {
  const person = userOf(model, who);
  return {
    msAhead: person.creditAhead.reduce((sum, part) => sum + part.leftMs, 0),
    tier: tierOf(person, model.now),
    standing: person.rewardStatus,
  };
}

function tierOf({ subscription, paid }: ReferenceUser, now: number): string {
  const isPaidFor = [...paid.values()].some(({ until }) => until > now);
  const said = subscription.toSorted((one, other) => one.saidAt - other.saidAt);
  const newest = said.at(-1);
  if (newest === undefined) return isPaidFor ? 'paid' : 'free';
  if (said.some(({ status }) => status === 'canceled')) return 'free';
  if (newest.status === 'active') return 'paid';
  if (newest.status === 'trialing') return isPaidFor ? 'paid' : 'free';
  if (newest.status !== 'past_due') return 'free';
  const first = said.findLastIndex(({ status }) => status !== 'past_due') + 1;
  const isGrace = paid.size > 0 && (said[first]?.saidAt ?? 0) * 1_000 + 7 * day > now;
  return isPaidFor || isGrace ? 'paid' : 'free';
}

/** Makes credit what the first payment says now. */
function updateReward(model: ReferenceModel, who: string): void {
  const person = userOf(model, who);
  const first = [...person.paid].sort(([a, x], [b, y]) => x.at - y.at || (a < b ? -1 : 1))[0];
  if (first === undefined || person.invitedBy === null) return;
  const reasons = reversalReasons(model, first[0], first[1].amount);
  if (person.isManuallyReversed) reasons.push('manual');
  const before = person.rewardStatus;
  person.rewardStatus = reasons.length === 0 ? 'granted' : reasons.sort().join();
  const stood = before === 'granted';
  const stands = person.rewardStatus === 'granted';
  if (stood === stands) return;
  const sides: [string, string][] = [
    [person.invitedBy, `${who}'s referrer`],
    [who, `${who}'s own`],
  ];
  for (const [side, owner] of sides) moveCredit(model, { person, side, owner, stands });
  if (stands) person.wasCredited = true;
}

function moveCredit(
  model: ReferenceModel,
  { person, side, owner, stands }: { person: ReferenceUser; side: string; owner: string; stands: boolean },
): void {
  const account = userOf(model, side);
  if (!stands) {
    if (person.wasCredited) person.taken.set(owner, takeCredit(account, owner));
    return;
  }
  const ms = person.wasCredited ? (person.taken.get(owner) ?? 0) : rewardMs;
  if (ms > 0) account.creditAhead.push({ owner, leftMs: ms });
}

function takeCredit(account: ReferenceUser, owner: string): number {
  const taken = account.creditAhead.filter((part) => part.owner === owner);
  account.creditAhead = account.creditAhead.filter((part) => part.owner !== owner);
  return taken.reduce((sum, part) => sum + part.leftMs, 0);
}

function reversalReasons(model: ReferenceModel, invoice: string, amount: number): string[] {
  const isOf = ({ payment }: { payment: string }) => model.invoiceOf.get(payment) === invoice;
  const back = [...model.refunds.values()].filter((refund) => isOf(refund) && refund.progress === 1);
  const statuses = [...model.disputes.values()].filter(isOf).map(({ status }) => status);
  const reasons: string[] = [];
  if (back.reduce((sum, refund) => sum + refund.amount, 0) >= amount) reasons.push('refunded');
  if (statuses.some((status) => status === 'needs_response' || status === 'under_review'))
    reasons.push('dispute_open');
  if (statuses.includes('lost')) reasons.push('dispute_lost');
  return reasons;
}

function userOf(model: ReferenceModel, who: string): ReferenceUser {
  const person = model.people.get(who);
  if (person === undefined) throw new Error(`No person is called ${who}`);
  return person;
}
