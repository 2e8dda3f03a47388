import { Injectable } from '@nestjs/common';
import { PaidInvoices, type PaidInvoiceView } from '../../billing/index.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { decimalText, formatMoney } from '../../platform/money.js';
import { stripeIdPattern } from '../admin.dto.js';
import { ConsoleDesk } from '../console-desk.js';
import type { RefundPageModel, RefundPreviewModel } from '../pages/refund-page.js';
import { UserRows } from '../user-rows.js';
import { RefundCredits, type RefundOf } from './refund-credits.js';

const paymentsShown = 25;

/** Gathers what the page that gives days for money shows. */
@Injectable()
export class RefundModels {
  constructor(
    private readonly refunds: RefundCredits,
    private readonly invoices: PaidInvoices,
    private readonly users: UserRows,
    private readonly desk: ConsoleDesk,
    private readonly database: Database,
  ) {}

  /** The page for a user, with what the fields ask for. `problem` is what would not do. Errors: `request.not_found`. */
  async of(me: Principal, userId: string, fields: Fields, problem?: string): Promise<RefundPageModel> {
    const user = await this.users.one(userId);
    if (user === null) throw new DomainError('request.not_found');
    const payments = await this.invoices.newest(this.database, userId, paymentsShown);
    const invoiceId = textOf(fields, 'invoiceId') || (payments[0]?.id ?? '');
    const found = payments.length === 0 ? null : await this.preview(userId, { ...fields, invoiceId });
    return {
      viewer: this.desk.viewer(me),
      mayChange: me.role === 'admin',
      formKey: this.desk.formKey(),
      user: { id: user.id, email: user.email },
      payments: payments.map((own) => ({ id: own.id, label: labelOf(own) })),
      invoiceId,
      amount: textOf(fields, 'amount').slice(0, 20),
      preview: typeof found === 'string' ? null : found,
      problem: problem ?? (typeof found === 'string' ? found : null),
    };
  }

  /** What of which payment a form asks for. Errors: `request.invalid`, `request.not_found`. */
  refundIn(db: Queryable, userId: string, fields: Fields): Promise<RefundOf> {
    const invoiceId = textOf(fields, 'invoiceId');
    if (invoiceId !== '' && !stripeIdPattern.test(invoiceId)) throw new DomainError('request.not_found');
    const payment = invoiceId === '' ? { userId } : { userId, invoiceId };
    return this.refunds.amountTyped(db, payment, textOf(fields, 'amount'));
  }

  /** The preview, or what stands in its way. */
  private async preview(userId: string, fields: Fields): Promise<RefundPreviewModel | string> {
    try {
      const found = await this.refunds.preview(
        this.database,
        await this.refundIn(this.database, userId, fields),
      );
      const { payment, amount, days, computed } = found;
      const money = { amount, currency: payment.currency };
      return { amount: decimalText(money), amountText: formatMoney(money), days, computed };
    } catch (error) {
      if (error instanceof DomainError && error.status < 500) return error.message;
      throw error;
    }
  }
}

function labelOf({ paidAt, amountPaid, left, currency }: PaidInvoiceView): string {
  const money = (amount: number) => formatMoney({ amount, currency });
  return `${paidAt.slice(0, 10)}: ${money(amountPaid)}, ${money(left)} left`;
}
