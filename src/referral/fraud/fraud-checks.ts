import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/log.js';
import type { Review } from '../conversions/conversion.js';
import { lockReferral } from '../conversions/linked-referral.js';
import { factsOf } from './facts.js';
import { RuleBook } from './rule-book.js';
import { hitsOf, outcomeOf, type Hit } from './rules.js';

/** Looks at referrals by the rules, writes down what they find, and says what follows. */
@Injectable()
export class FraudChecks {
  constructor(
    private readonly book: RuleBook,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Looks at a referral by every rule. Answers what they make of it, and whether that is news; a person's decision stays.
   * Again, also at once: the same, with nothing written. What was found once is not forgotten when its cause goes.
   */
  async look(tx: Tx, referralId: string): Promise<{ outcome: Review['outcome']; isNews: boolean }> {
    const settings = await this.book.settings(tx);
    const linked = await lockReferral(tx, referralId);
    const facts = await factsOf(tx, referralId);
    if (linked === null || facts === null) throw new Error(`There is no referral ${referralId}`);
    await this.keep(tx, referralId, hitsOf(facts, settings));
    const { score, outcome } = outcomeOf(await this.found(tx, referralId));
    const isNews = await this.conclude(tx, referralId, outcome);
    if (!isNews) return { outcome, isNews };
    const { referrerId, referredId } = linked;
    this.audit.record(tx, {
      action: 'referral.rules_looked',
      actor: { kind: 'system' },
      subjectId: referredId,
      facts: { referralId, referrerId, outcome, score },
    });
    this.log.event(tx, 'referral.rules_looked', { referralId, outcome, score });
    return { outcome, isNews };
  }

  private async keep(tx: Tx, referralId: string, hits: Hit[]): Promise<void> {
    if (hits.length === 0) return;
    await tx.query(
      `INSERT INTO referral.rule_result (id, referral_id, rule, version, mode, weight, evidence, at)
       SELECT id, $1, rule, version, mode, weight, evidence, $2
       FROM unnest($3::uuid[], $4::text[], $5::integer[], $6::text[], $7::integer[], $8::jsonb[])
         AS h(id, rule, version, mode, weight, evidence)
       ON CONFLICT DO NOTHING`,
      [
        referralId,
        this.clock.now(),
        hits.map(() => newId(this.clock)),
        hits.map(({ rule }) => rule),
        hits.map(({ version }) => version),
        hits.map(({ mode }) => mode),
        hits.map(({ weight }) => weight),
        hits.map(({ evidence }) => JSON.stringify(evidence)),
      ],
    );
  }

  /** What each rule found last while it was live: a rule that is tried in shadow later takes nothing back. */
  private async found(tx: Tx, referralId: string): Promise<Hit[]> {
    return tx.query(
      `SELECT DISTINCT ON (rule) rule, version, mode, weight, evidence FROM referral.rule_result
       WHERE referral_id = $1 AND mode = 'live' ORDER BY rule, at DESC, id DESC`,
      [referralId],
    );
  }

  /** False when the outcome is what it was. */
  private async conclude(tx: Tx, referralId: string, outcome: Review['outcome']): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.review AS v (referral_id, outcome, opened_at)
       SELECT $1, $2, $3 WHERE $2 <> 'allow' OR EXISTS (SELECT 1 FROM referral.review WHERE referral_id = $1)
       ON CONFLICT (referral_id) DO UPDATE SET outcome = excluded.outcome, opened_at = excluded.opened_at
       WHERE v.outcome <> excluded.outcome RETURNING referral_id`,
      [referralId, outcome, this.clock.now()],
    );
    return rows.length > 0;
  }
}
