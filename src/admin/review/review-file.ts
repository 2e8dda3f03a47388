import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { ListRequest } from '../../platform/lists/list-request.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import type { FileSource } from '../lists/list-view.js';
import { maxWaiting, ReviewQueueRepository, type QueuePlace } from './review-queue.repository.js';

/** A referral that waits for a person, with the rules that hit it. */
export interface ReviewFileRow extends ReferralDto {
  openedAt: Date;
  rules: string[];
}

/** The queue of reviews for a file: the oldest first, all or those with one strong reason alone. */
@Injectable()
export class ReviewFile implements FileSource<ReviewFileRow> {
  readonly name = 'review';
  readonly definition = {
    filters: [{ name: 'rule', kind: 'text', maxLength: 100 }],
    sorts: [{ name: 'opened' }],
  } as const;

  constructor(
    private readonly queue: ReviewQueueRepository,
    private readonly referrals: AdminReferralsRepository,
    private readonly database: Database,
  ) {}

  /** Those that wait; `rule` among the oldest {@link maxWaiting}, as the page shows them. */
  async *readAll({ filters: { rule } }: ListRequest, rowsPerBatch: number): AsyncGenerator<ReviewFileRow[]> {
    if (rule !== undefined) {
      yield await this.withReferrals(await this.queue.listBySingleReason(rule, maxWaiting));
      return;
    }
    for (let after: QueuePlace | null = null; ;) {
      const places: QueuePlace[] = await this.queue.list(after, rowsPerBatch);
      yield await this.withReferrals(places);
      if (places.length < rowsPerBatch) return;
      after = places.at(-1) ?? null;
    }
  }

  private async withReferrals(places: readonly QueuePlace[]): Promise<ReviewFileRow[]> {
    const ids = places.map(({ id }) => id);
    const [referrals, rules] = await Promise.all([
      this.referrals.findInOrder(this.database, ids),
      this.queue.findRules(ids),
    ]);
    const openedAt = new Map(places.map((place) => [place.id, place.openedAt]));
    return referrals.flatMap((referral) => {
      const opened = openedAt.get(referral.id);
      return opened === undefined
        ? []
        : [{ ...referral, openedAt: opened, rules: rules.get(referral.id) ?? [] }];
    });
  }
}
