import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import {
  activePeriods,
  TermsRepository,
  type ActivePeriod,
  type Terms,
  type TermsVersion,
} from '../../referral/index.js';
import { AdminUsersRepository } from '../users/admin-users.repository.js';
import { TermsUsageCounts } from './terms-usage.js';
import { toTermsDraftDto, type TermsStatus, type TermsVersionDto } from './terms-response.dto.js';

const maxVersions = 1_000;

/** Who published a version and why, as the audit knows it. */
interface TermsPublicationInfo {
  by: { userId: string; email: string | null } | null;
  reason: string | null;
}

/** All versions of the terms as staff see them. */
@Injectable()
export class TermsQueries {
  // eslint-disable-next-line max-params -- one for each thing that is shown of a version
  constructor(
    private readonly terms: TermsRepository,
    private readonly auditLog: AuditLog,
    private readonly users: AdminUsersRepository,
    private readonly usageCounts: TermsUsageCounts,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Every version, newest first. */
  async list(): Promise<TermsVersionDto[]> {
    const [versions, published, usage] = await Promise.all([
      this.terms.listVersions(),
      this.findPublications(),
      this.usageCounts.count(),
    ]);
    const periods = activePeriods(versions.map(({ terms }) => terms));
    const now = this.clock.now();
    return versions.map((own) => ({
      ...toTermsVersionDto(own, periods, published.get(own.terms.version), now),
      usage: usage?.of(own.terms.version) ?? null,
    }));
  }

  /** One version. Errors: `request.not_found`. */
  async get(version: number): Promise<TermsVersionDto> {
    return orNotFound((await this.list()).find((own) => own.version === version));
  }

  /** Two versions in full, for comparing them. Errors: `request.not_found`. */
  async getPair(before: number, after: number): Promise<[Terms, Terms]> {
    const versions = (await this.terms.listVersions()).map(({ terms }) => terms);
    const get = (version: number) => orNotFound(versions.find((own) => own.version === version));
    return [get(before), get(after)];
  }

  private async findPublications(): Promise<Map<number, TermsPublicationInfo>> {
    const entries = await this.auditLog.find(this.database, {
      action: 'terms.published',
      limit: maxVersions,
    });
    const emails = new Map<string, string | null>();
    for (const { actorId } of entries)
      if (actorId !== null && !emails.has(actorId))
        emails.set(actorId, (await this.users.findById(actorId))?.email ?? null);
    return new Map(
      entries.map(({ details, actorId, note }) => [
        Number(details.version),
        {
          by: actorId === null ? null : { userId: actorId, email: emails.get(actorId) ?? null },
          reason: note,
        },
      ]),
    );
  }
}

function orNotFound<T>(one: T | undefined): T {
  if (one === undefined)
    throw new DomainError('request.not_found', { text: { key: 'console.problem.versionUnknown' } });
  return one;
}

/** A version for the API, without what came of it. `periods` are those of all versions. */
function toTermsVersionDto(
  { terms, publishedAt, budget }: TermsVersion,
  periods: readonly ActivePeriod[],
  published: TermsPublicationInfo | undefined,
  now: Date,
): Omit<TermsVersionDto, 'usage'> {
  const own = periods.filter(({ version }) => version === terms.version);
  return {
    version: terms.version,
    status: statusOf(terms, own, now),
    ...toTermsDraftDto(terms),
    inForce: own.map(({ from, until }) => ({ from, until })),
    publishedAt,
    publishedBy: published?.by ?? null,
    reason: published?.reason ?? null,
    budget: budget && { days: terms.budgetDays ?? 0, ...budget },
  };
}

function statusOf({ validFrom, validUntil }: Terms, own: readonly ActivePeriod[], now: Date): TermsStatus {
  const isOver = ({ until }: ActivePeriod) => until !== null && until <= now;
  if (own.some((span) => !isOver(span) && (span.from === null || span.from <= now))) return 'in_force';
  if (own.some((span) => !isOver(span))) return 'scheduled';
  return validUntil !== null && validUntil <= now && validFrom <= now ? 'ended' : 'superseded';
}
