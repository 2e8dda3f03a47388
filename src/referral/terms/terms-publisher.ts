import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { ProgrammeTerms } from './programme-terms.js';
import { validateDraft, type TermsInput, type TermsDraft } from './terms-draft.js';
import { InvalidTermsError } from './invalid-terms.error.js';
import type { Terms } from './terms.js';

/**
 * What to publish, by whom and why. `basedOn` is the newest version that they have seen: where another came since, nothing
 * is published. Null: it is published whatever came.
 */
export interface Publication {
  input: TermsInput;
  reason: string;
  basedOn: number | null;
  actor: Actor;
}

/** Makes the next version of the terms. What was published is never changed: the next version supersedes it. */
@Injectable()
export class TermsPublisher {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes the next version; one after the other, however many publish at once, so that numbers have no gaps.
   * Errors: `request.invalid` with every field that is not right; `terms.published_meanwhile`.
   */
  async publish(tx: Tx, { input, reason, basedOn, actor }: Publication): Promise<Terms> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('twofold:terms', 0))`);
    const newest = await this.terms.newestVersion(tx);
    if (basedOn !== null && basedOn !== newest)
      throw new DomainError('terms.published_meanwhile', {
        detail: `The newest version is ${newest}; you have seen ${basedOn}. Check it, then publish again.`,
        extensions: { newest },
      });
    const now = this.clock.now();
    const { draft, problems } = validateDraft(input, await this.terms.current(tx), now);
    if (draft === null) throw new InvalidTermsError(problems);
    const terms = { version: newest + 1, ...draft };
    await insertTerms(tx, terms, now);
    const noteId = await this.auditLog.addNote(tx, reason, null);
    const facts = { version: terms.version, ...auditDetails(draft) };
    this.auditLog.record(tx, { action: 'terms.published', actor, details: facts, noteId });
    return terms;
  }
}

async function insertTerms(tx: Tx, terms: Terms, publishedAt: Date): Promise<void> {
  const row: Record<string, unknown> = {
    version: terms.version,
    referrer_days: terms.referrerDays,
    referred_days: terms.referredDays,
    hold_days: terms.holdDays,
    minimum_amounts: JSON.stringify(terms.minimumAmounts),
    qualifying_prices: terms.qualifyingPrices,
    attribution: terms.attribution,
    attribution_days: terms.attributionDays,
    late_claim_days: terms.lateClaimDays,
    cap_conversions: terms.cap?.conversions ?? null,
    cap_window_days: terms.cap?.windowDays ?? null,
    budget_days: terms.budgetDays,
    milestone_every: terms.milestone?.every ?? null,
    milestone_days: terms.milestone?.days ?? null,
    refund_percent: terms.refundPercent,
    valid_from: terms.validFrom,
    valid_until: terms.validUntil,
    published_at: publishedAt,
  };
  const names = Object.keys(row);
  await tx.query(
    `INSERT INTO referral.terms (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}

function auditDetails(draft: TermsDraft): Record<string, unknown> {
  return {
    ...draft,
    validFrom: draft.validFrom.toISOString(),
    validUntil: draft.validUntil?.toISOString() ?? null,
  };
}
