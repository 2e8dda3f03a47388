import { Injectable } from '@nestjs/common';
import { PaidInvoices, type PaidInvoiceView } from '../../billing/index.js';
import { CreditStatements, type EntryView } from '../../credit/index.js';
import { Audit, type RecordedLine } from '../../platform/audit.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { ReferralRows, type ReferralPerson, type ReferralRow } from './referral-rows.js';

/**
 * All that staff see of one referral. `payment` is the one it follows, with what has become of its money; `entries` are
 * the ledger lines of both sides, newest first.
 */
export interface ReferralFile {
  referral: ReferralRow;
  payment: PaidInvoiceView | null;
  entries: { referrer: EntryView[]; referred: EntryView[] };
  audit: RecordedLine[];
}

const auditLines = 100;

/** Gathers what all modules know of a referral. */
@Injectable()
export class ReferralFiles {
  constructor(
    private readonly rows: ReferralRows,
    private readonly invoices: PaidInvoices,
    private readonly credit: CreditStatements,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** The file of a referral. Errors: `request.not_found`. */
  async of(id: string): Promise<ReferralFile> {
    const referral = await this.rows.one(this.database, id);
    if (referral === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    const { referrer, referred, invoiceId } = referral;
    const [payment, forReferrer, forReferred, audit] = await Promise.all([
      invoiceId === null ? null : this.invoices.one(this.database, invoiceId),
      this.entriesOf(referrer, id),
      this.entriesOf(referred, id),
      this.audit.find(this.database, {
        subjectId: referred.userId,
        facts: { referralId: id },
        limit: auditLines,
      }),
    ]);
    return { referral, payment, entries: { referrer: forReferrer, referred: forReferred }, audit };
  }

  private async entriesOf(person: ReferralPerson | null, referralId: string): Promise<EntryView[]> {
    if (person === null) return [];
    const { entries } = await this.credit.of(person.userId);
    return entries.filter((entry) => entry.referralId === referralId);
  }
}
