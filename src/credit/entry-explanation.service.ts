import { Injectable } from '@nestjs/common';
import { AuditLog } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { dayMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import { isId } from '../platform/ids.js';
import type { Translate } from '../platform/i18n/translations.js';
import { CreditEntryRepository } from './ledger/credit-entry.repository.js';
import type { CreditEntryExplanationDto, CreditEntryStepDto } from './credit.dto.js';
import { countDays, formatDays } from '../platform/ui/format.js';
import { toEntryDto } from './credit-statement.service.js';
import { isGrant, isRevocation, type CreditEntry } from './ledger/credit-entry.js';
import { replay, windowsOf } from './ledger/replay.js';

/** Who reads an explanation: their language, and how they write a day; without that, as in UTC. */
export interface ExplanationReader {
  t: Translate;
  formatDate?: (at: Date) => string;
}

/** What credit asks of referral: why a reward was taken back. Bound in app.module.ts. */
export abstract class ReversalReasons {
  /** Why `userId` does not have all of the reward of a referral; null where they do. */
  abstract findReason(
    referralId: string,
    userId: string,
    reader: Required<ExplanationReader>,
  ): Promise<string | null>;
}

/** Explains ledger entries by replaying their account. */
@Injectable()
export class EntryExplanationService {
  constructor(
    private readonly entries: CreditEntryRepository,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    private readonly reversals: ReversalReasons,
    private readonly clock: Clock,
  ) {}

  /**
   * An entry of the account of `userId`, in the words of its reader. Errors: `request.not_found`,
   * also for another person's.
   */
  async explain(
    userId: string,
    entryId: string,
    { t, formatDate = (at) => utcDate(t, at) }: ExplanationReader,
  ): Promise<CreditEntryExplanationDto> {
    const history = isId(entryId) ? await this.entries.loadByAccount(userId) : [];
    const entry = history.find(({ id }) => id === entryId);
    if (entry === undefined) throw new DomainError('request.not_found', { detail: 'No such credit entry.' });
    const balance = replay(history);
    const owner = balance.grantKeys.get(entryId);
    const steps = history.filter(({ id, kind }) => balance.grantKeys.get(id) === owner && kind !== 'shift');
    const reasons = await this.auditLog.notes(this.database, entry.noteId === null ? [] : [entry.noteId]);
    const now = this.clock.now().getTime();
    const own = balance.intervals.filter((piece) => piece.grantKey === owner && piece.until > now);
    const ahead = own.reduce((sum, piece) => sum + piece.until - Math.max(piece.from, now), 0);
    const span = { from: own[0]?.from ?? now, until: own.at(-1)?.until ?? now };
    return {
      entry: toEntryDto(entry, windowsOf(balance), reasons),
      steps: steps.map((step) => toStep(step, t)),
      daysAhead: ahead / dayMs,
      why:
        entry.referralId === null
          ? null
          : await this.reversals.findReason(entry.referralId, userId, { t, formatDate }),
      covers:
        own.length === 0
          ? t('explain.entry.noWindow')
          : t('explain.entry.currentWindow', {
              from: formatDate(new Date(span.from)),
              until: formatDate(new Date(span.until)),
            }),
      next: t(own.length === 0 ? 'explain.entry.nextStep.usedUp' : 'explain.entry.nextStep.running'),
    };
  }

  /** Whose entry this is; null for an unknown one. */
  async findOwnerId(entryId: string): Promise<string | null> {
    return isId(entryId) ? this.entries.findUserId(this.database, entryId) : null;
  }
}

function toStep({ id, kind, at, durationMs }: CreditEntry, t: Translate): CreditEntryStepDto {
  const days = durationMs / dayMs;
  const { count } = countDays(days);
  const explanation = t(`explain.entry.${actionOf(kind, days)}`, { length: formatDays(t, days), count });
  return { entryId: id, kind, at, days, explanation };
}

function actionOf(kind: CreditEntry['kind'], days: number): string {
  if (isGrant(kind)) return 'granted';
  if (isRevocation(kind)) return 'reversed';
  if (kind === 'deferral' && days < 0) return 'deferred';
  return 'restored';
}

function utcDate({ locale }: Translate, at: Date): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}
