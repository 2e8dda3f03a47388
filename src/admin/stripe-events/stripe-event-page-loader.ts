import { type StripeEventDto, InboxQueries, explainWaiting } from '../../billing/index.js';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { loadList, type ListView } from '../lists/list-view.js';
import { stripeEventList } from './stripe-event-list.js';

/** The list of events. */
export interface StripeEventListModel {
  viewer: StaffViewer;
  list: ListView<StripeEventDto>;
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
    const list = await loadList(stripeEventList(this.records), filters, me);
    const rows = list.rows.map((own) => ({ ...own, waiting: explainWaiting(own, t) }));
    return { viewer: await this.forms.viewerFor(me), list: { ...list, rows } };
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
