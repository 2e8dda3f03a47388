import type { InboxStatus, StripeEventDto } from '../../../billing/index.js';
import type { Viewer } from '../../../platform/ui/layout.js';

/** The list of events. `status` and `type` are the filters in force; `nextHref` a path to the next page, or null. */
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
