import { Injectable } from '@nestjs/common';
import { AuthService } from '../../auth/index.js';
import { PaidInvoices, type PaidInvoiceView } from '../../billing/index.js';
import { CreditService, viewOf, type EntryView } from '../../credit/index.js';
import { Audit } from '../../platform/audit.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/http/principal.js';
import { invalid } from '../../platform/http/validation.js';
import { decimalsOf, decimalText, formatMoney, parseMoney } from '../../platform/money.js';
import { plural } from '../../platform/pages/words.js';
import { daysWorth } from './refund-days.js';

/** What of which payment of a user; without a payment the newest, without an amount all that is left. */
export interface RefundOf {
  userId: string;
  invoiceId?: string;
  amount?: number;
}

/**
 * What an amount of a payment would be as credit. `days` is null where it cannot be computed; `computed` says how it was,
 * or why not.
 */
export interface RefundPreview {
  payment: PaidInvoiceView;
  amount: number;
  days: number | null;
  computed: string;
}

/** A decision to give days for money. `days` are those that a preview showed. */
export type RefundDecision = RefundOf & { days: number; reason: string };

/** Turns money that would go back into days of access. */
@Injectable()
export class RefundCredits {
  constructor(
    private readonly invoices: PaidInvoices,
    private readonly credit: CreditService,
    private readonly auth: AuthService,
    private readonly audit: Audit,
  ) {}

  /** What it would be. Errors: `request.not_found` for no such payment; `billing.nothing_left` when less is left of it. */
  async preview(db: Queryable, { userId, invoiceId, amount }: RefundOf): Promise<RefundPreview> {
    const payment = await this.paymentOf(db, userId, invoiceId);
    const wanted = amount ?? payment.left;
    if (wanted === 0 || wanted > payment.left)
      throw new DomainError('billing.nothing_left', {
        detail: `Of this payment ${formatMoney({ amount: payment.left, currency: payment.currency })} are left to turn into credit.`,
        facts: { left: payment.left },
      });
    return { payment, amount: wanted, ...worth(payment, wanted) };
  }

  /**
   * Gives the days, once the figures are those that were shown. At once: one after the other, each seeing what is left.
   * Errors: as {@link preview}; `billing.period_unknown`; `billing.figures_moved`.
   */
  async give(tx: Tx, by: Principal, { days, reason, ...of }: RefundDecision): Promise<EntryView> {
    await this.invoices.lock(tx, of.userId);
    await this.auth.presentUser(tx, of.userId);
    const preview = await this.preview(tx, of);
    if (preview.days === null) throw new DomainError('billing.period_unknown', { detail: preview.computed });
    if (preview.days !== days)
      throw new DomainError('billing.figures_moved', {
        detail: `It would be ${plural(preview.days, 'day')} now: ${preview.computed} Look again, then send it.`,
        facts: { days: preview.days, amount: preview.amount },
      });
    const actor = { kind: 'admin' as const, id: by.userId };
    const line = await this.credit.grantInsteadOfRefund(tx, of.userId, days, { reason, actor });
    const { payment, amount } = preview;
    await this.invoices.noteGiven(tx, { entryId: line.id, invoiceId: payment.id, amount });
    this.audit.record(tx, {
      action: 'billing.refunded_as_credit',
      actor,
      subjectId: of.userId,
      facts: { entryId: line.id, invoiceId: payment.id, amount, currency: payment.currency, days },
    });
    return viewOf(line, reason);
  }

  /**
   * The amount that a person typed into a form, in units of the payment's currency; an empty text is all that is left.
   * Errors: `request.not_found`; `request.invalid`.
   */
  async amountTyped(db: Queryable, of: Omit<RefundOf, 'amount'>, text: string): Promise<RefundOf> {
    if (text.trim() === '') return of;
    const { currency } = await this.paymentOf(db, of.userId, of.invoiceId);
    const amount = parseMoney(text, currency);
    if (amount !== null && amount > 0) return { ...of, amount };
    const example = `${decimalText({ amount: 4 * 10 ** decimalsOf(currency), currency })} ${currency.toUpperCase()}`;
    throw invalid([{ path: 'amount', message: `Type an amount such as ${example}.` }]);
  }

  private async paymentOf(
    db: Queryable,
    userId: string,
    invoiceId: string | undefined,
  ): Promise<PaidInvoiceView> {
    const payment =
      invoiceId === undefined
        ? (await this.invoices.newest(db, userId, 1))[0]
        : await this.invoices.one(db, invoiceId);
    if (payment?.userId === userId) return payment;
    throw new DomainError('request.not_found', { detail: 'No such payment of this user is known.' });
  }
}

function worth(payment: PaidInvoiceView, amount: number): Pick<RefundPreview, 'days' | 'computed'> {
  const { period, amountPaid, currency } = payment;
  if (period === null)
    return {
      days: null,
      computed:
        'The period that this payment covered was not kept, so its days cannot be computed. Give them by hand.',
    };
  const [start, end] = [new Date(period.start), new Date(period.end)];
  const days = daysWorth(amount, { amountPaid, start, end });
  const money = (own: number) => formatMoney({ amount: own, currency });
  const covered = daysWorth(amountPaid, { amountPaid, start, end });
  return {
    days,
    computed: `${money(amountPaid)} paid for ${plural(covered, 'day')}, so ${money(amount)} are worth ${plural(days, 'day')}.`,
  };
}
