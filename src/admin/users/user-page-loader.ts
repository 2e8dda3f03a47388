import { Inject, Injectable } from '@nestjs/common';
import { type MergeDto, MergeList } from '../../accounts/index.js';
import { BillingService, type SubscriptionDto } from '../../billing/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { DomainError } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Money } from '../../platform/money.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { loadList, type ListView } from '../lists/list-view.js';
import { stripeDashboardUrl } from '../pages/stripe-object.js';
import { RefundPageLoader } from '../refunds/refund-page-loader.js';
import { AdminUsersRepository } from './admin-users.repository.js';
import {
  timelineKinds,
  type TimelineData,
  type TimelineEntry,
  type TimelineKind,
} from './timeline/timeline-entry.js';
import { TimelineRepository, type TimelinePage } from './timeline/timeline.repository.js';
import type { AdminUserDto } from './user.dto.js';

/** The list of users. */
export interface UsersPageModel {
  viewer: StaffViewer;
  list: ListView<AdminUserDto>;
}

/**
 * One user, all that staff may see. `mayChange` is true for admins; `hasPaid` where money can
 * become credit; `stripeDashboard` the address of Stripe's dashboard, null where Stripe is not
 * used.
 */
export interface UserPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  user: AdminUserDto;
  subscription: SubscriptionDto | null;
  invitation: TimelineData['invitation'] | null;
  hasPaid: boolean;
  merges: MergeDto[];
  stripeCustomers: string[];
  stripeDashboard: string | null;
  timeline: TimelinePage & { kind: TimelineKind | null; isFirst: boolean };
  /** The money that became credit, by the id of its entry. */
  refundsAsCredit: ReadonlyMap<string, Money>;
  notice: 'granted' | 'revoked' | 'role' | 'refunded' | 'erased' | null;
  problem: string | null;
}

const eventsShown = 25;
const notices = ['granted', 'revoked', 'role', 'refunded', 'erased'] as const;

/** Gathers what the console's pages show. */
@Injectable()
export class UserPageLoader {
  // eslint-disable-next-line max-params -- a page about all that modules know of a person
  constructor(
    private readonly users: AdminUsersRepository,
    private readonly billing: BillingService,
    private readonly timeline: TimelineRepository,
    private readonly merges: MergeList,
    private readonly refunds: RefundPageLoader,
    private readonly forms: AdminForms,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The list of users. */
  async usersPage(me: Principal, filters: FormFields): Promise<UsersPageModel> {
    return { viewer: await this.forms.viewerFor(me), list: await loadList(this.users, filters, me) };
  }

  /**
   * One user. The fields of the address: `done` names what was just done, `kind` filters the
   * timeline, `after` is where another page of it ended. `problem` says what would not do.
   * Errors: `request.not_found`; `request.invalid` for a foreign cursor.
   */
  async userPage(me: Principal, id: string, fields: FormFields, problem?: string): Promise<UserPageModel> {
    const user = await this.users.findById(id);
    if (user === null) throw new DomainError('request.not_found');
    const kind = timelineKinds.find((own) => own === textField(fields, 'kind')) ?? null;
    const after = textField(fields, 'after');
    const [subscription, stripeCustomers, paidIn, merges, invitation, timeline] = await Promise.all([
      this.billing.getSubscription(id),
      this.billing.listCustomerIds(id),
      this.refunds.findNewestCurrency(id),
      this.merges.findByUser(id),
      this.timeline.findInvitation(id),
      this.timeline.page(id, { kind, cursor: after === '' ? null : after, limit: eventsShown }),
    ]);
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      ...{ user, subscription, stripeCustomers, merges, invitation },
      hasPaid: paidIn !== null,
      stripeDashboard: stripeDashboardUrl(this.config),
      timeline: { ...timeline, kind, isFirst: after === '' },
      refundsAsCredit: await this.refunds.findGiven(timeline.entries.flatMap(refundedEntryId)),
      notice: notices.find((own) => own === fields['done']) ?? null,
      problem: problem ?? null,
    };
  }
}

function refundedEntryId(entry: TimelineEntry): string[] {
  return entry.source === 'credit' && entry.data.kind === 'refund_as_credit' ? [entry.data.entry_id] : [];
}
