import {
  type InboxStatus,
  type StripeEventDto,
  InboxQueries,
  explainWaiting,
  inboxStatuses,
} from '../../billing/index.js';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, nextHref, type StaffViewer } from '../admin-forms.js';

/**
 * The list of events. `status` and `type` are the filters in force; `nextHref` a path to the next
 * page, or null.
 */
export interface StripeEventListModel {
  viewer: StaffViewer;
  status: InboxStatus | null;
  type: string;
  events: StripeEventDto[];
  nextHref: string | null;
}

/** One event. `payload` is its JSON as text; `replayed` what came of applying it again just now. */
export interface StripeEventPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  event: StripeEventDto;
  payload: string;
  replayed: 'applied' | 'ignored' | 'parked' | null;
  problem: string | null;
}

const pageSize = 25;

/** Gathers what the console's pages about Stripe's events show. */
@Injectable()
export class StripeEventPageLoader {
  constructor(
    private readonly records: InboxQueries,
    private readonly forms: AdminForms,
  ) {}

  /** The list of events. */
  async listPage(me: Principal, filters: FormFields): Promise<StripeEventListModel> {
    const t = getTranslator(me.locale);
    const status = inboxStatuses.find((own) => own === textField(filters, 'status')) ?? null;
    const type = textField(filters, 'type').trim().slice(0, 100);
    const cursor = textField(filters, 'cursor');
    const page = await this.records.list({
      limit: pageSize,
      ...(status === null ? {} : { status }),
      ...(type === '' ? {} : { type }),
      ...(cursor === '' ? {} : { cursor }),
    });
    return {
      viewer: await this.forms.viewerFor(me),
      status,
      type,
      events: page.items.map((own) => ({ ...own, waiting: explainWaiting(own, t) })),
      nextHref: nextHref('/admin/events', { status: status ?? '', type }, page.nextCursor),
    };
  }

  /** One event. Errors: `request.not_found`. */
  async eventPage(
    me: Principal,
    id: string,
    { replayed, problem }: { replayed?: string; problem?: string },
  ): Promise<StripeEventPageModel> {
    const t = getTranslator(me.locale);
    const record = await this.records.find(id);
    if (record === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.eventUnknown' } });
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      event: { ...record, waiting: explainWaiting(record, t) },
      payload:
        record.payload === null ? t('console.event.payloadPurged') : JSON.stringify(record.payload, null, 2),
      replayed: (['applied', 'ignored', 'parked'] as const).find((own) => own === replayed) ?? null,
      problem: problem ?? null,
    };
  }
}
