import { Injectable } from '@nestjs/common';
import { AuthService } from '../../auth/index.js';
import { PaidInvoices, type PaidInvoiceDto } from '../../billing/index.js';
import { CreditService, toNewEntryDto, type CreditEntryDto } from '../../credit/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { invalidRequest } from '../../platform/http/validation.js';
import { moneyProblemText } from '../../platform/money-problem-text.js';
import { formatMoney, parseMoney } from '../../platform/money.js';
import { fallbackLocale, getTranslator, type Translate } from '../../platform/i18n/translations.js';
import type { RefundPreviewDto } from './refund.dto.js';
import { daysWorth } from './refund-days.js';

/**
 * What of which payment of a user; without a payment the newest, without an amount all that is
 * left.
 */
export interface RefundRequest {
  userId: string;
  invoiceId?: string;
  amount?: number;
}

/** A decision to give days for money. `days` are those that a preview showed. */
export type RefundDecision = RefundRequest & { days: number; reason: string };

/** Turns money that would go back into days of access. */
@Injectable()
export class RefundAsCreditService {
  constructor(
    private readonly invoices: PaidInvoices,
    private readonly credit: CreditService,
    private readonly auth: AuthService,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * What it would be, in the words of `t`. Errors: `request.not_found` for no such payment;
   * `billing.nothing_left` when less is left of it.
   */
  async preview(
    db: Queryable,
    { userId, invoiceId, amount }: RefundRequest,
    t = getTranslator(fallbackLocale),
  ): Promise<RefundPreviewDto> {
    const payment = await this.findPayment(db, userId, invoiceId);
    const wanted = amount ?? payment.remaining;
    const left = { amount: payment.remaining, currency: payment.currency };
    if (wanted === 0 || wanted > payment.remaining)
      throw new DomainError('billing.nothing_left', {
        text: { key: 'console.refund.nothingLeft', values: { money: left } },
        extensions: { left: payment.remaining },
      });
    return { payment, amount: wanted, ...daysForAmount(t, payment, wanted) };
  }

  /**
   * Gives the days, once the numbers are those that were shown. Concurrent calls: one after the
   * other, each seeing what is left.
   * Errors: as {@link preview}; `billing.period_unknown`; `billing.preview_changed`.
   */
  async grant(tx: Tx, by: Principal, { days, reason, ...of }: RefundDecision): Promise<CreditEntryDto> {
    await this.invoices.lockPayer(tx, of.userId);
    await this.auth.requireActiveUser(tx, of.userId);
    const preview = await this.preview(tx, of);
    if (preview.days === null)
      throw new DomainError('billing.period_unknown', { text: { key: 'console.refund.periodUnknown' } });
    if (preview.days !== days)
      throw new DomainError('billing.preview_changed', {
        text: { key: 'console.refund.changed', values: { days: preview.days } },
        extensions: { days: preview.days, amount: preview.amount },
      });
    const actor = adminActor(by);
    const line = await this.credit.grantManually(
      tx,
      { userId: of.userId, kind: 'refund_as_credit', days },
      { reason, actor },
    );
    const { payment, amount } = preview;
    await this.invoices.recordRefundAsCredit(tx, { entryId: line.id, invoiceId: payment.id, amount });
    this.auditLog.record(tx, {
      action: 'billing.refunded_as_credit',
      actor,
      subjectId: of.userId,
      details: { entryId: line.id, invoiceId: payment.id, amount, currency: payment.currency, days },
    });
    return toNewEntryDto(line, reason);
  }

  /**
   * The amount that a person typed into a form, in units of the payment's currency; an empty text
   * is all that is left.
   * Errors: `request.not_found`; `request.invalid`, said in the language of `t`.
   */
  async parseAmount(
    db: Queryable,
    request: Omit<RefundRequest, 'amount'>,
    { text, t }: { text: string; t: Translate },
  ): Promise<RefundRequest> {
    if (text.trim() === '') return request;
    const { currency } = await this.findPayment(db, request.userId, request.invoiceId);
    const { amount, problem } = parseMoney(text, currency);
    if (amount !== null && amount > 0) return { ...request, amount };
    const message = moneyProblemText(t, { problem: problem ?? 'zero', text, currency });
    throw invalidRequest([{ path: 'amount', message }]);
  }

  private async findPayment(
    db: Queryable,
    userId: string,
    invoiceId: string | undefined,
  ): Promise<PaidInvoiceDto> {
    const payment =
      invoiceId === undefined
        ? (await this.invoices.listNewest(db, userId, 1))[0]
        : await this.invoices.find(db, invoiceId);
    if (payment?.userId === userId) return payment;
    throw new DomainError('request.not_found', { text: { key: 'console.refund.paymentUnknown' } });
  }
}

function daysForAmount(
  t: Translate,
  payment: PaidInvoiceDto,
  amount: number,
): Pick<RefundPreviewDto, 'days' | 'computed'> {
  const { period, amountPaid, currency } = payment;
  if (period === null) return { days: null, computed: t('console.refund.periodUnknown') };
  const { start, end } = period;
  const days = daysWorth(amount, { amountPaid, start, end });
  const money = (own: number) => formatMoney({ amount: own, currency }, t.locale);
  const coveredDays = daysWorth(amountPaid, { amountPaid, start, end });
  return {
    days,
    computed: t('console.refund.computed', {
      ...{ paid: money(amountPaid), coveredDays, money: money(amount), days },
    }),
  };
}
