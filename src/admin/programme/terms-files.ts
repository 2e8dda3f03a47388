import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { forceSpans, TermsArchive, type Terms } from '../../referral/index.js';
import { UserRows } from '../user-rows.js';
import { termsView, type Published, type TermsView } from './terms-views.js';

const mostVersions = 1_000;

/** All versions of the terms as staff see them. */
@Injectable()
export class TermsFiles {
  constructor(
    private readonly archive: TermsArchive,
    private readonly audit: Audit,
    private readonly users: UserRows,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Every version, newest first. */
  async all(): Promise<TermsView[]> {
    const [archived, published] = await Promise.all([this.archive.all(), this.published()]);
    const spans = forceSpans(archived.map(({ terms }) => terms));
    const now = this.clock.now();
    return archived.map((own) => termsView(own, spans, published.get(own.terms.version), now));
  }

  /** One version. Errors: `request.not_found`. */
  async one(version: number): Promise<TermsView> {
    return found((await this.all()).find((own) => own.version === version));
  }

  /** Two versions in full, for comparing them. Errors: `request.not_found`. */
  async pair(before: number, after: number): Promise<[Terms, Terms]> {
    const versions = await this.archive.versions();
    const of = (version: number) => found(versions.find((own) => own.version === version));
    return [of(before), of(after)];
  }

  private async published(): Promise<Map<number, Published>> {
    const lines = await this.audit.find(this.database, { action: 'terms.published', limit: mostVersions });
    const emails = new Map<string, string | null>();
    for (const { actorId } of lines)
      if (actorId !== null && !emails.has(actorId))
        emails.set(actorId, (await this.users.one(actorId))?.email ?? null);
    return new Map(
      lines.map(({ facts, actorId, note }) => [
        Number(facts.version),
        {
          by: actorId === null ? null : { userId: actorId, email: emails.get(actorId) ?? null },
          reason: note,
        },
      ]),
    );
  }
}

function found<T>(one: T | undefined): T {
  if (one === undefined) throw new DomainError('request.not_found', { detail: 'There is no such version.' });
  return one;
}
