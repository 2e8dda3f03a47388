import { type InboxStatus, type StripeEventDto, InboxQueries, inboxStatuses } from '../../billing/index.js';
import type { Viewer } from '../../platform/ui/layout.js';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, nextHref } from '../admin-forms.js';

/**
 * The list of events. `status` and `type` are the filters in force; `nextHref` a path to the next
 * page, or null.
 */
export interface StripeEventListModel {
  viewer: Viewer;
  status: InboxStatus | null;
  type: string;
  events: StripeEventDto[];
  nextHref: string | null;
}

/** One event. `payload` is its JSON as text; `replayed` what came of applying it again just now. */
export interface StripeEventPageModel {
  viewer: Viewer;
  mayChange: boolean;
  event: StripeEventDto;
  payload: string;
  replayed: 'applied' | 'ignored' | 'parked' | null;
  problem: string | null;
}

const pageSize = 25;
const purgedPayloadText = 'Its content was deleted because of its age. Its effects stay.';

/** Gathers what the console's pages about Stripe's events show. */
@Injectable()
export class StripeEventPageLoader {
  constructor(
    private readonly records: InboxQueries,
    private readonly forms: AdminForms,
  ) {}

  /** The list of events. */
  async listPage(me: Principal, filters: FormFields): Promise<StripeEventListModel> {
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
      viewer: this.forms.viewerFor(me),
      status,
      type,
      events: page.items,
      nextHref: nextHref('/admin/events', { status: status ?? '', type }, page.nextCursor),
    };
  }

  /** One event. Errors: `request.not_found`. */
  async eventPage(
    me: Principal,
    id: string,
    { replayed, problem }: { replayed?: string; problem?: string },
  ): Promise<StripeEventPageModel> {
    const record = await this.records.find(id);
    if (record === null) throw new DomainError('request.not_found', { detail: 'No such event.' });
    return {
      viewer: this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      event: record,
      payload: record.payload === null ? purgedPayloadText : JSON.stringify(record.payload, null, 2),
      replayed: (['applied', 'ignored', 'parked'] as const).find((own) => own === replayed) ?? null,
      problem: problem ?? null,
    };
  }
}
