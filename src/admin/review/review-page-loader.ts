import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { isId } from '../../platform/ids.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { formatPlace, parsePlace } from './queue-place.js';
import { QueuedReferrals, type QueuedReferral } from './queued-referrals.js';
import { maxWaiting, ReviewQueueRepository, type QueuePlace } from './review-queue.repository.js';

/** Where one is on the way through the queue. `isMore`: there are more than are counted. */
export interface QueueProgress {
  handled: number;
  total: number;
  isMore: boolean;
}

/**
 * The page of the queue. `latest`: the referral that was just decided; `isUndone`: it waits again.
 */
export interface ReviewPageModel {
  viewer: StaffViewer;
  mayDecide: boolean;
  /** The place behind which the page looks; empty: from the start. */
  after: string;
  progress: QueueProgress;
  current: QueuedReferral | null;
  latest: ReferralDto | null;
  isUndone: boolean;
  scheduled: ReferralDto[];
  problem: string | null;
}

const scheduledShown = 10;

/** Gathers what the queue of reviews shows. */
@Injectable()
export class ReviewPageLoader {
  constructor(
    private readonly queue: ReviewQueueRepository,
    private readonly referrals: AdminReferralsRepository,
    private readonly queued: QueuedReferrals,
    private readonly forms: AdminForms,
    private readonly database: Database,
  ) {}

  /** The next referral that waits, behind the place in `fields`; `referral` there names one. */
  async load(me: Principal, fields: FormFields, problem: string | null = null): Promise<ReviewPageModel> {
    const after = parsePlace(textField(fields, 'after'));
    const place = await this.findPlace(textField(fields, 'referral'), after);
    const [viewer, current, progress, latest, scheduled] = await Promise.all([
      this.forms.viewerFor(me),
      place === null ? null : this.queued.load(place),
      this.progress(fields, after),
      this.findLatest(textField(fields, 'decided')),
      this.listScheduled(),
    ]);
    return {
      ...{ viewer, current, progress, latest, scheduled, problem },
      mayDecide: me.role === 'admin',
      after: after === null ? '' : formatPlace(after),
      isUndone: textField(fields, 'done') === 'undo',
    };
  }

  private async findPlace(named: string, after: QueuePlace | null): Promise<QueuePlace | null> {
    const found = isId(named) ? await this.queue.find(named) : null;
    return found ?? (await this.queue.list(after, 1))[0] ?? null;
  }

  private async progress(fields: FormFields, after: QueuePlace | null): Promise<QueueProgress> {
    const handled = Math.min(Number(/^\d{1,4}$/.exec(textField(fields, 'handled'))?.[0] ?? 0), maxWaiting);
    const waiting = await this.queue.count(after);
    return { handled, total: handled + waiting, isMore: waiting >= maxWaiting };
  }

  private findLatest(id: string): Promise<ReferralDto | null> {
    return isId(id) ? this.referrals.find(this.database, id) : Promise.resolve(null);
  }

  private async listScheduled(): Promise<ReferralDto[]> {
    const ids = await this.queue.listScheduled(scheduledShown);
    const found = await this.referrals.findMany(this.database, ids);
    // one that took effect between the two reads is left out
    return ids.flatMap((id) => found.find((own) => own.id === id && own.review.scheduled !== null) ?? []);
  }
}
