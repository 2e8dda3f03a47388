import { Injectable } from '@nestjs/common';
import { InboxRecords, inboxStatuses, type InboxRecord } from '../../billing/index.js';
import { DomainError } from '../../platform/errors.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { ConsoleDesk, nextHref } from '../console-desk.js';
import type { EventListModel, EventPageModel, EventRowModel } from '../pages/event-model.js';

const shownAtOnce = 25;
const forgotten = 'Its content was forgotten by age. What it brought about stays.';

/** Gathers what the console's pages about Stripe's events show. */
@Injectable()
export class EventModels {
  constructor(
    private readonly records: InboxRecords,
    private readonly desk: ConsoleDesk,
  ) {}

  /** The list of events. */
  async list(me: Principal, filters: Fields): Promise<EventListModel> {
    const status = inboxStatuses.find((own) => own === textOf(filters, 'status')) ?? null;
    const type = textOf(filters, 'type').trim().slice(0, 100);
    const cursor = textOf(filters, 'cursor');
    const page = await this.records.page({
      limit: shownAtOnce,
      ...(status === null ? {} : { status }),
      ...(type === '' ? {} : { type }),
      ...(cursor === '' ? {} : { cursor }),
    });
    return {
      viewer: this.desk.viewer(me),
      status,
      type,
      events: page.items.map(rowModel),
      nextHref: nextHref('/admin/events', { status: status ?? '', type }, page.nextCursor),
    };
  }

  /** One event. Errors: `request.not_found`. */
  async one(
    me: Principal,
    id: string,
    { replayed, problem }: { replayed?: string; problem?: string },
  ): Promise<EventPageModel> {
    const record = await this.records.one(id);
    if (record === null) throw new DomainError('request.not_found', { detail: 'No such event.' });
    return {
      viewer: this.desk.viewer(me),
      mayChange: me.role === 'admin',
      event: rowModel(record),
      payload: record.payload === null ? forgotten : JSON.stringify(record.payload, null, 2),
      replayed: (['applied', 'ignored', 'parked'] as const).find((own) => own === replayed) ?? null,
      problem: problem ?? null,
    };
  }
}

function rowModel({ createdAt, receivedAt, nextLookAt, ...event }: InboxRecord): EventRowModel {
  const { id, type, status, detail, waitingKey, waiting, failures } = event;
  return {
    ...{ id, type, status, detail, waitingKey, waiting, failures },
    createdAt: new Date(createdAt),
    receivedAt: new Date(receivedAt),
    nextLookAt: nextLookAt === null ? null : new Date(nextLookAt),
  };
}
