import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignUpService } from '../../src/auth/sign-in/sign-up.service.js';
import { ReferralCodes } from '../../src/referral/codes/referral-codes.js';
import { ReferralLinking } from '../../src/referral/attribution/referral-linking.js';
import { FraudRepository } from '../../src/referral/fraud/fraud.repository.js';
import { CardCheckJob } from '../../src/referral/fraud/card-check.job.js';
import { stripeId } from '../support/stripe-payloads.js';
import type { Person } from '../support/given.js';
import { toEmailAddress } from '../support/email.js';
import { createWorld, type World } from '../support/world.js';
import { StripeCardServer } from './stripe-card-server.js';
import { generateScenarios, type SignUp, type Scenario } from './sign-up-scenarios.js';

// the floors below are a little under what this seed was measured to give; other seeds differ by
// how many homes share a card
const seed = Number(process.env.SEED ?? 2024);

/** A referral with its label, and what the rules made of it. */
interface JudgedReferral {
  label: Scenario['label'];
  kind: string;
  outcome: 'allow' | 'review' | 'reject';
  rules: string[];
}

describe(`the rules, on labelled sign-ups (seed ${seed})`, () => {
  const stripe = new StripeCardServer();
  let world: World;
  let judged: JudgedReferral[];
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start() });
    await world.given.terms({ hold_days: 14 });
    const labels = new Map<string, Scenario>();
    for (const story of generateScenarios(seed))
      for (const person of await play(story)) labels.set(person.id, story);
    await world.app.get(CardCheckJob, { strict: false }).run();
    judged = await outcomes(labels);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
    await stripe.stop();
  });

  /** Everybody signs up and pays in their order; a story takes a quarter of an hour. */
  async function play({ people }: Scenario): Promise<Person[]> {
    const cast: Person[] = [];
    for (const signUp of people) {
      cast.push(await signsUp(signUp, cast));
      world.clock.advance((15 * 60_000) / people.length);
    }
    for (const [index, { claimsCodeOf }] of people.entries()) {
      const [own, other] = [cast[index], claimsCodeOf === undefined ? undefined : cast[claimsCodeOf]];
      if (own !== undefined && other !== undefined) await claim(own, other);
    }
    for (const [index, { card }] of people.entries()) {
      const own = cast[index];
      if (own === undefined || card === null) continue;
      stripe.setCard(own.payer.customer, card);
      await world.given.linkCustomer(own);
      expect((await world.when.pays(own)).status).toBe(200);
    }
    return cast;
  }

  async function signsUp({ email, ip, device, invitedBy }: SignUp, cast: Person[]): Promise<Person> {
    const referrer = invitedBy === null ? undefined : cast[invitedBy];
    const refCode = referrer === undefined ? null : await codeOf(referrer);
    const { user } = await world.database.transaction((tx) =>
      world.app.get(SignUpService, { strict: false }).findOrCreate(tx, {
        email: toEmailAddress(email),
        referralCode: refCode,
        clientInfo: { ip, device, userAgent: 'test' },
        locale: 'en',
        timeZone: null,
        campaign: null,
      }),
    );
    const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: user.id };
    return { id: user.id, email, token: '', payer };
  }

  async function codeOf(person: Person): Promise<string> {
    const codes = world.app.get(ReferralCodes, { strict: false });
    return world.database.transaction((tx) => codes.assignIfMissing(tx, person.id));
  }

  async function claim(own: Person, other: Person): Promise<void> {
    const code = await codeOf(other);
    await world.database.transaction((tx) =>
      world.app
        .get(ReferralLinking, { strict: false })
        .link(tx, { code, referredId: own.id, label: 'x', emailHashes: [], domainClass: 'familiar' }),
    );
  }

  async function outcomes(labels: Map<string, Scenario>): Promise<JudgedReferral[]> {
    const { rows } = await world.sql.query<{
      referred_id: string;
      outcome: JudgedReferral['outcome'];
      rules: string[];
    }>(
      `SELECT r.referred_id, coalesce(v.outcome, 'allow') AS outcome,
         ARRAY(SELECT DISTINCT rule FROM referral.fraud_rule_hit h WHERE h.referral_id = r.id AND mode = 'live') AS rules
       FROM referral.referral r LEFT JOIN referral.review v ON v.referral_id = r.id`,
    );
    return rows.map(({ referred_id, outcome, rules }) => {
      const { label, kind } = labels.get(referred_id) ?? { label: 'honest', kind: 'nobody' };
      return { label, kind, outcome, rules };
    });
  }

  const share = (some: number, all: number) => (all === 0 ? 1 : some / all);
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;
  const isFlagged = ({ outcome }: JudgedReferral) => outcome !== 'allow';
  const isFraud = ({ label }: JudgedReferral) => label === 'fraud';

  it('the rules flag most of the fraud, and little else', () => {
    const flagged = judged.filter(isFlagged);
    const fraud = judged.filter(isFraud);
    const honest = judged.filter((one) => !isFraud(one));
    const precision = share(flagged.filter(isFraud).length, flagged.length);
    const recall = share(fraud.filter(isFlagged).length, fraud.length);
    const rejected = judged.filter(({ outcome }) => outcome === 'reject');
    const lines = [
      `${judged.length} referrals, ${fraud.length} of them fraud: precision ${percent(precision)}, recall ${percent(recall)}`,
      `rejected outright: ${rejected.length}, of them fraud ${percent(share(rejected.filter(isFraud).length, rejected.length))}`,
      `honest sent to review: ${percent(share(honest.filter(isFlagged).length, honest.length))}`,
      ...[...new Set(judged.map(({ kind }) => kind))].sort().map((kind) => {
        const own = judged.filter((one) => one.kind === kind);
        const count = (outcome: string) => own.filter((one) => one.outcome === outcome).length;
        return `  ${kind.padEnd(12)} ${own.length} referrals: ${count('allow')} allowed, ${count('review')} reviewed, ${count('reject')} rejected`;
      }),
      ...[...new Set(judged.flatMap(({ rules }) => rules))].sort().map((rule) => {
        const hits = judged.filter(({ rules }) => rules.includes(rule));
        return `  ${rule.padEnd(18)} ${hits.length} hits, ${percent(share(hits.filter(isFraud).length, hits.length))} of them fraud`;
      }),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    expect(precision).toBeGreaterThan(0.78);
    expect(recall).toBeGreaterThan(0.93);
    expect(share(honest.filter(isFlagged).length, honest.length)).toBeLessThan(0.175);
  });

  it('the rules find the same about people who share nothing, without following what they share', async () => {
    const repository = world.app.get(FraudRepository, { strict: false });
    const { rows } = await world.sql.query<{ id: string }>(`SELECT id FROM referral.referral`);
    let apart = 0;
    for (const { id } of rows) {
      const whole = await repository.loadConnectedInput(world.database, id);
      expect(await repository.loadRuleInput(world.database, id)).toEqual(whole);
      if (whole?.sharedSignals.every(({ withReferrer, others }) => !withReferrer && others === 0)) apart++;
    }
    expect(apart).toBeGreaterThan(100);
    expect(rows.length - apart).toBeGreaterThan(100);
  });

  it('the rules reject no honest person', () => {
    expect(judged.filter((one) => !isFraud(one) && one.outcome === 'reject')).toEqual([]);
  });

  it('the rules allow honest friends, offices and audiences', () => {
    const kinds = ['friends', 'office', 'audience'];
    expect(judged.filter((one) => kinds.includes(one.kind) && isFlagged(one))).toEqual([]);
  });

  it('the rules reject every plus-tag farm, and find nearly all rings and shared cards', () => {
    const found = (kind: string) => {
      const own = judged.filter((one) => one.kind === kind);
      return share(own.filter(isFlagged).length, own.length);
    };
    expect(judged.filter(({ kind, outcome }) => kind === 'plusTags' && outcome !== 'reject')).toEqual([]);
    expect(found('sharedCards')).toBeGreaterThan(0.9);
    expect(found('disposables')).toBe(1);
    expect(found('ring')).toBeGreaterThan(0.95);
  });

  it.each([
    ...([
      ['same_mailbox_as_referrer', 1],
      ['mailbox_already_known', 1],
      ['disposable_domain', 1],
      ['card_used_by_many', 1],
    ] as const),
    ...([
      ['same_card_as_referrer', 0.52],
      ['card_already_known', 0.67],
      ['ring', 0.65],
      ['loop', 0.83],
    ] as const),
  ])('rule %s is right in at least %d of its hits', (rule, floor) => {
    const hits = judged.filter(({ rules }) => rules.includes(rule));
    expect(hits.length).toBeGreaterThan(0);
    expect(share(hits.filter(isFraud).length, hits.length)).toBeGreaterThanOrEqual(floor);
  });
});
