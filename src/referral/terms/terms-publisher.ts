import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { ProgrammeTerms } from './programme-terms.js';
import { validateDraft, type TermsInput, type TermsDraft } from './terms-draft.js';
import type { Terms } from './terms.js';
import { TermsRepository } from './terms.repository.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { TermsProblem } from './terms-validation.js';
import { problemText } from './terms-fields.js';

/**
 * What to publish, by whom and why. `basedOn` is the newest version that they have seen: where
 * another came since, nothing is published. Null: it is published in any case.
 */
export interface Publication {
  input: TermsInput;
  reason: string;
  basedOn: number | null;
  actor: Actor;
}

/**
 * Makes the next version of the terms. What was published is never changed: the next version
 * supersedes it.
 */
@Injectable()
export class TermsPublisher {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly repository: TermsRepository,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes the next version; one after the other, however many publish at once, so that numbers
   * have no gaps.
   * Errors: `request.invalid` with every field that is not right; `terms.published_meanwhile`.
   */
  async publish(tx: Tx, { input, reason, basedOn, actor }: Publication): Promise<Terms> {
    await this.repository.lockVersions(tx);
    const newest = await this.repository.findNewestVersion(tx);
    if (basedOn !== null && basedOn !== newest)
      throw new DomainError('terms.published_meanwhile', {
        detail: `The newest version is ${newest}; you have seen ${basedOn}. Check it, then publish again.`,
        extensions: { newest },
      });
    const now = this.clock.now();
    const { draft, problems } = validateDraft(input, await this.terms.current(tx), now);
    if (draft === null) throw new InvalidTermsError(problems);
    const terms = { version: newest + 1, ...draft };
    await this.repository.insert(tx, terms, now);
    const noteId = await this.auditLog.addNote(tx, reason, null);
    const details = { version: terms.version, ...auditDetails(draft) };
    this.auditLog.record(tx, { action: 'terms.published', actor, details, noteId });
    return terms;
  }
}

function auditDetails(draft: TermsDraft): Record<string, unknown> {
  return {
    ...draft,
    validFrom: draft.validFrom.toISOString(),
    validUntil: draft.validUntil?.toISOString() ?? null,
  };
}

/**
 * Terms that are not right: `request.invalid` with every field, in English; `problems` can be said
 * in any language.
 */
export class InvalidTermsError extends DomainError {
  constructor(readonly problems: readonly TermsProblem[]) {
    const t = getTranslator('en');
    const errors = problems.map((one) => ({ path: one.path, message: problemText(t, one) }));
    super('request.invalid', {
      detail: errors.map(({ path, message }) => `${path}: ${message}`).join(' '),
      errors,
    });
  }
}
