import { Inject, Injectable } from '@nestjs/common';
import { ExternalPeople, SignUpService, type User } from '../auth/index.js';
import { HostCustomers } from '../billing/index.js';
import { AuditLog, type Actor } from '../platform/audit-log.js';
import { Clock } from '../platform/clock.js';
import { type Config, CONFIG } from '../platform/config/config.js';
import type { Tx } from '../platform/database/tx.js';
import { addMs, minuteMs } from '../platform/durations.js';
import { invalidRequest } from '../platform/http/validation.js';
import { HostInvitations, ReferralCodes, referralLink, type InvitationOutcome } from '../referral/index.js';
import type { BatchPersonDto, PersonDto, SavedPersonDto } from './person.dto.js';

/** How far the clock of another server may be ahead. */
const clockToleranceMs = 2 * minuteMs;

/** A person as they were saved, and whether they are new here. */
export interface PutPersonResult {
  saved: SavedPersonDto;
  isNew: boolean;
}

/** Saves what another product knows of its people. */
@Injectable()
export class PeopleService {
  // eslint-disable-next-line max-params -- saving a person concerns users, payments and referrals
  constructor(
    private readonly people: ExternalPeople,
    private readonly signUps: SignUpService,
    private readonly customers: HostCustomers,
    private readonly invitations: HostInvitations,
    private readonly codes: ReferralCodes,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Saves a person, their customers and who invited them, together. Idempotent: nothing is written.
   * Concurrent calls: one person, one invitation. Two people are never merged.
   * Errors: `request.invalid` for a time in the future; `person.email_taken`,
   * `person.email_unverified`, `person.customer_taken`.
   */
  async put(tx: Tx, person: BatchPersonDto, by: Actor): Promise<PutPersonResult> {
    this.rejectFuture(person);
    const customers = person.customers ?? [];
    // the order of locks: the person's id, customers, the billing account, the user
    this.customers.lock(tx, person.externalId, customers);
    const { user, isNew, changed } = await this.people.save(tx, person, by);
    const linked = await this.customers.link(tx, user.id, customers);
    const mayHaveReports = isNew || changed.includes('externalId');
    const [invitation, code] = await Promise.all([
      this.recordInvitation(tx, { user, isNew, person, by }),
      this.codes.assignIfMissing(tx, user.id),
      mayHaveReports ? this.customers.retryReports(tx, person.externalId) : null,
    ]);
    if (isNew || changed.length > 0 || linked.length > 0)
      this.auditLog.record(tx, {
        action: isNew ? 'person.created' : 'person.updated',
        actor: by,
        subjectId: user.id,
        details: { changed, customers: linked },
      });
    const saved = {
      person: toPersonDto(person.externalId, user),
      referral: { code, link: referralLink(this.config, code) },
      invitation,
    };
    return { saved, isNew };
  }

  private async recordInvitation(
    tx: Tx,
    { user, isNew, person, by }: { user: User; isNew: boolean; person: BatchPersonDto; by: Actor },
  ): Promise<InvitationOutcome> {
    const { firstPaidAt, invitedBy } = person;
    if (firstPaidAt === undefined && invitedBy === undefined) return 'none';
    // what is reported of a new person waits until they are committed
    const isUnpaid = isNew && firstPaidAt === undefined;
    const hasPaid = !isUnpaid && (await this.customers.lockAndCheckHasPaid(tx, user.id, firstPaidAt));
    if (invitedBy === undefined) return 'none';
    const now = this.clock.now();
    const at = invitedBy.at ?? (isNew ? user.createdAt : now);
    return this.invitations.record(tx, {
      details: { ...this.signUps.referralDetails(user), emailUnconfirmed: !person.emailVerified },
      code: invitedBy.code,
      at: at < now ? at : now,
      signedUpAt: user.createdAt,
      ...{ hasPaid, isNew, by },
    });
  }

  private rejectFuture({ createdAt, firstPaidAt, invitedBy }: BatchPersonDto): void {
    const latest = addMs(this.clock.now(), clockToleranceMs);
    const times = { createdAt, firstPaidAt, 'invitedBy.at': invitedBy?.at };
    const errors = Object.entries(times).flatMap(([path, time]) =>
      time !== undefined && time > latest ? [{ path, message: `${path} is in the future` }] : [],
    );
    if (errors.length > 0) throw invalidRequest(errors);
  }
}

/** The fields of a person that another product sees. */
export function toPersonDto(
  externalId: string,
  { id, email, displayName, locale, timeZone, createdAt }: User,
): PersonDto {
  return { externalId, id, email, displayName, locale, timeZone, createdAt };
}
