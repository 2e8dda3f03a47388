import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { viewerOf } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError, errorText } from '../platform/errors.js';
import { textField, type FormFields } from '../platform/http/form-fields.js';
import { Idempotency } from '../platform/http/idempotency.js';
import { CsrfProtection } from '../platform/security/csrf-protection.js';
import type { Principal } from '../platform/security/principal.js';
import { invalidField } from '../platform/http/validation.js';
import { getTranslator } from '../platform/i18n/translations.js';
import type { Viewer } from '../platform/ui/layout.js';
import type { ReaderSettings } from '../platform/ui/render-page.js';
import { ReviewQueueRepository } from './review/review-queue.repository.js';
import { sendPage } from '../platform/http/send-page.js';

/** Who views a page of the console, and in which language and time zone. */
export interface StaffViewer extends Viewer, ReaderSettings {}

/**
 * What a form of the console does: `work`, then on to `to`; what will not do is reported on the
 * page that `again` makes.
 */
export interface FormAction {
  me: Principal;
  reply: FastifyReply;
  redirectTo: string;
  run: () => Promise<unknown>;
  /** A page that is shown instead of going on; null: go on. */
  renderResult?: () => Promise<string | null>;
  renderWithProblem: (problem: string) => Promise<string>;
}

/** What all pages of the console share: who looks, and how a form is taken. */
@Injectable()
export class AdminForms {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly csrfProtection: CsrfProtection,
    private readonly reviews: ReviewQueueRepository,
  ) {}

  /** Who views a page, and how many reviews wait for staff. */
  async viewerFor(me: Principal): Promise<StaffViewer> {
    const waiting = { review: await this.reviews.count() };
    return {
      ...viewerOf(me, this.csrfProtection),
      ...{ locale: me.locale, timeZone: me.timeZone, waiting },
    };
  }

  /** A new key for a form, so that sending it twice acts once. */
  newIdempotencyKey(): string {
    return randomUUID();
  }

  /** Does it and sends the browser on. Errors: those that are not the form's own fault. */
  async submit({ me, reply, redirectTo, run, renderResult, renderWithProblem }: FormAction): Promise<void> {
    try {
      await run();
      const result = (await renderResult?.()) ?? null;
      if (result === null) void reply.redirect(redirectTo, 303);
      else sendPage(reply, result);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      sendPage(reply, await renderWithProblem(errorText(getTranslator(me.locale), error)), error.status);
    }
  }

  /**
   * Does `work` in a transaction, once for each form that was shown. Errors: `request.invalid` for
   * a form without its key.
   */
  async runOnce(me: Principal, fields: FormFields, work: (tx: Tx) => Promise<unknown>): Promise<void> {
    const key = textField(fields, 'idempotencyKey').slice(0, 100);
    if (key === '') throw invalidField('idempotencyKey', 'console.problem.reload');
    await this.database.transaction(async (tx) => {
      if (await this.idempotency.isRepeated(tx, me.userId, 'console form', key)) return;
      await work(tx);
    });
  }

  /** Does `work` in a transaction: for what is the same however often it is done. */
  async inTransaction(work: (tx: Tx) => Promise<unknown>): Promise<void> {
    await this.database.transaction(work);
  }
}

/** The reason in a form. Errors: `request.invalid` for none, or a too long one. */
export function parseReason(fields: FormFields): string {
  const reason = textField(fields, 'reason').trim();
  if (reason === '' || reason.length > 500) throw invalidField('reason', 'console.problem.reason');
  return reason;
}

type NumberField = 'days' | 'expiresInDays' | 'requestsPerMinute';

/**
 * A whole number in a form; null for an empty field. Errors: `request.invalid` for anything else
 * outside its bounds.
 */
export function parseWholeNumber(fields: FormFields, name: NumberField, max: number): number | null {
  const text = textField(fields, name).trim();
  if (text === '') return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw invalidField(name, `console.problem.number.${name}`, { max });
}

/** The path of the next page of a list, with the filters in force; null on the last. */
export function nextHref(
  path: string,
  filters: Record<string, string>,
  cursor: string | null,
): string | null {
  if (cursor === null) return null;
  const activeFilters = Object.entries(filters).filter(([, value]) => value !== '');
  return `${path}?${new URLSearchParams([...activeFilters, ['cursor', cursor]]).toString()}`;
}
