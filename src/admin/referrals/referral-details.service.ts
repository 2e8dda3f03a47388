import { Injectable } from '@nestjs/common';
import { PaidInvoices } from '../../billing/index.js';
import { CreditStatementService, type CreditEntryDto } from '../../credit/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import type { ReferralDetailsDto, ReferralUserDto } from './referral.dto.js';
import { AdminReferralsRepository } from './admin-referrals.repository.js';

const maxAuditEntries = 100;

/** Gathers what all modules know of a referral. */
@Injectable()
export class ReferralDetailsService {
  constructor(
    private readonly queries: AdminReferralsRepository,
    private readonly invoices: PaidInvoices,
    private readonly credit: CreditStatementService,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /** The file of a referral. Errors: `request.not_found`. */
  async get(id: string): Promise<ReferralDetailsDto> {
    const referral = await this.queries.find(this.database, id);
    if (referral === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.referralUnknown' } });
    const { referrer, referred, invoiceId } = referral;
    const [payment, forReferrer, forReferred, audit] = await Promise.all([
      invoiceId === null ? null : this.invoices.find(this.database, invoiceId),
      this.findEntries(referrer, id),
      this.findEntries(referred, id),
      this.auditLog.find(this.database, {
        subjectId: referred.userId,
        details: { referralId: id },
        limit: maxAuditEntries,
      }),
    ]);
    return { referral, payment, entries: { referrer: forReferrer, referred: forReferred }, audit };
  }

  private async findEntries(user: ReferralUserDto | null, referralId: string): Promise<CreditEntryDto[]> {
    if (user === null) return [];
    const { entries } = await this.credit.getForUser(user.userId);
    return entries.filter((entry) => entry.referralId === referralId);
  }
}
