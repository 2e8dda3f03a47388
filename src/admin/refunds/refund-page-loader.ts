import { Injectable } from '@nestjs/common';
import { PaidInvoices, type PaidInvoiceDto } from '../../billing/index.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { getTranslator, type Translate } from '../../platform/i18n/translations.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { formatDecimal, formatMoney, type Money } from '../../platform/money.js';
import { paymentIdPattern } from '../admin.dto.js';
import { AdminForms } from '../admin-forms.js';
import type { RefundPageModel, RefundPreviewModel } from './pages/refund-page.js';
import { formatDate } from '../../platform/ui/date-time.js';
import { AdminUsersRepository } from '../users/admin-users.repository.js';
import { RefundAsCreditService, type RefundRequest } from './refund-as-credit.service.js';

const maxPayments = 25;

/** Gathers what the page that gives days for money shows. */
@Injectable()
export class RefundPageLoader {
  constructor(
    private readonly refunds: RefundAsCreditService,
    private readonly invoices: PaidInvoices,
    private readonly users: AdminUsersRepository,
    private readonly forms: AdminForms,
    private readonly database: Database,
  ) {}

  /**
   * The page for a user, with what the fields ask for. `problem` is what would not do. Errors:
   * `request.not_found`.
   */
  async refundPage(
    me: Principal,
    userId: string,
    fields: FormFields,
    problem?: string,
  ): Promise<RefundPageModel> {
    const t = getTranslator(me.locale);
    const user = await this.users.findById(userId);
    if (user === null) throw new DomainError('request.not_found');
    const payments = await this.invoices.listNewest(this.database, userId, maxPayments);
    const invoiceId = textField(fields, 'invoiceId') || (payments[0]?.id ?? '');
    const found = payments.length === 0 ? null : await this.preview(me, userId, { ...fields, invoiceId }, t);
    const refused = found instanceof DomainError ? found : null;
    const amountProblem = refused?.options.errors?.find(({ path }) => path === 'amount')?.message ?? null;
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      idempotencyKey: this.forms.newIdempotencyKey(),
      user: { id: user.id, email: user.email },
      payments: payments.map((own) => ({ id: own.id, label: paymentLabel(me, own) })),
      invoiceId,
      currency: payments.find(({ id }) => id === invoiceId)?.currency ?? payments[0]?.currency ?? '',
      amount: textField(fields, 'amount').slice(0, 40),
      amountProblem,
      preview: found instanceof DomainError ? null : found,
      problem: amountProblem === null ? (problem ?? (refused && errorText(t, refused))) : null,
    };
  }

  /** The currency of a user's newest payment; null without one. */
  async findNewestCurrency(userId: string): Promise<string | null> {
    const [newest] = await this.invoices.listNewest(this.database, userId, 1);
    return newest?.currency ?? null;
  }

  /** The money that became these credit entries, by their ids. */
  async findGiven(entryIds: string[]): Promise<ReadonlyMap<string, Money>> {
    return entryIds.length === 0 ? new Map() : this.invoices.findRefundsAsCredit(this.database, entryIds);
  }

  /** What of which payment a form asks for. Errors: `request.invalid`, `request.not_found`. */
  parseRefund(db: Queryable, me: Principal, userId: string, fields: FormFields): Promise<RefundRequest> {
    const invoiceId = textField(fields, 'invoiceId');
    if (invoiceId !== '' && !paymentIdPattern.test(invoiceId)) throw new DomainError('request.not_found');
    const payment = invoiceId === '' ? { userId } : { userId, invoiceId };
    const typed = { text: textField(fields, 'amount'), t: getTranslator(me.locale) };
    return this.refunds.parseAmount(db, payment, typed);
  }

  /** The preview, or why there is none. */
  private async preview(
    me: Principal,
    userId: string,
    fields: FormFields,
    t: Translate,
  ): Promise<RefundPreviewModel | DomainError> {
    try {
      const found = await this.refunds.preview(
        this.database,
        await this.parseRefund(this.database, me, userId, fields),
        t,
      );
      const { payment, amount, days, computed } = found;
      const money = { amount, currency: payment.currency };
      return { amount: formatDecimal(money), amountText: formatMoney(money, t.locale), days, computed };
    } catch (error) {
      if (error instanceof DomainError && error.status < 500) return error;
      throw error;
    }
  }
}

function paymentLabel(me: Principal, { paidAt, amountPaid, remaining, currency }: PaidInvoiceDto): string {
  const t = getTranslator(me.locale);
  const money = (amount: number) => formatMoney({ amount, currency }, t.locale);
  const date = formatDate(paidAt, { locale: t.locale, timeZone: me.timeZone });
  return t('console.refund.paymentLabel', { date, paid: money(amountPaid), left: money(remaining) });
}
