import type { Viewer } from '../../../platform/ui/layout.js';

/** What can have become of an event. */
export type StripeEventStatusModel = 'accepted' | 'applied' | 'ignored' | 'parked' | 'failed' | 'dead';

/**
 * An event of Stripe's in the list. `waitingKey` is the Stripe id that it waits for, `waiting` says why and what frees it;
 * `failures` are our own.
 */
export interface StripeEventRowModel {
  id: string;
  type: string;
  status: StripeEventStatusModel;
  detail: string | null;
  waitingKey: string | null;
  waiting: { why: string; freedBy: string } | null;
  nextRetryAt: Date | null;
  failures: number;
  createdAt: Date;
  receivedAt: Date;
}

/** The list of events. `status` and `type` are the filters in force; `nextHref` a path to the next page, or null. */
export interface StripeEventListModel {
  viewer: Viewer;
  status: StripeEventStatusModel | null;
  type: string;
  events: StripeEventRowModel[];
  nextHref: string | null;
}

/** One event. `payload` is its JSON as text; `replayed` what came of applying it again just now. */
export interface StripeEventPageModel {
  viewer: Viewer;
  mayChange: boolean;
  event: StripeEventRowModel;
  payload: string;
  replayed: 'applied' | 'ignored' | 'parked' | null;
  problem: string | null;
}
