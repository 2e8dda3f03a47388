import { Injectable, Logger } from '@nestjs/common';
import { AccessReader, type AccountAccess } from '../../accounts/index.js';
import { lockActiveUsers } from '../../auth/index.js';
import { BillingRevisions } from '../../billing/index.js';
import { recordAccessChange, takeAccessChanges } from '../../platform/access-changes.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import type { BackgroundWork } from '../../platform/jobs/event-handler-worker.js';
import { PollingLoop } from '../../platform/jobs/polling-loop.js';
import { eventIdFrom } from '../events/event-id.js';
import { EventPublisher, type PublicEvent } from '../events/event-publisher.js';
import { personOf } from '../events/public-people.js';
import { PublishedAccessRepository, type PublishedAccess } from './published-access.repository.js';

/** People whose access one transaction publishes, at most, for either reason. */
const batchSize = 200;

/**
 * Publishes `access.changed`: after a change that was noted, and when access merely runs out. What
 * is published is stored, so that the same access is not published twice.
 */
@Injectable()
export class AccessPublisher implements BackgroundWork {
  private readonly logger = new Logger('webhooks');
  private readonly loop = new PollingLoop({
    run: async () => (await this.publishBatch()) > 0,
    onError: (error) => this.logger.error({ msg: 'webhooks.access_not_published', err: error }),
    pollMs: 1_000,
  });

  // eslint-disable-next-line max-params -- access is made of several modules
  constructor(
    private readonly accesses: AccessReader,
    private readonly published: PublishedAccessRepository,
    private readonly revisions: BillingRevisions,
    private readonly publisher: EventPublisher,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  async drain(): Promise<number> {
    for (let all = 0; ;) {
      const published = await this.publishBatch();
      if (published === 0) return all;
      all += published;
    }
  }

  /** Deletes what is stored of erased people. Idempotent. */
  deleteErased(userIds: readonly string[]): Promise<void> {
    return this.database.transaction((tx) => this.published.delete(tx, userIds));
  }

  /**
   * Publishes the accesses that have changed, the longest waiting first. One process at a time, so
   * that an older state never follows a newer one; others do nothing meanwhile. Answers for how
   * many people nothing is left to do.
   */
  private publishBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      if (!(await isOnlyPublisher(tx))) return 0;
      const noted = await takeAccessChanges(tx, batchSize);
      const byTime = await this.published.findChangedByTime(tx, this.clock.now(), batchSize);
      const userIds = [...new Set([...noted, ...byTime])];
      if (userIds.length === 0) return 0;
      const active = await lockActiveUsers(tx, userIds);
      const erased = userIds.filter((userId) => !active.has(userId));
      if (erased.length > 0) await this.published.delete(tx, erased);
      const postponed = await this.publish(tx, [...active]);
      recordAccessChange(tx, postponed);
      return userIds.length - postponed.length;
    });
  }

  /** Answers those who are left for later: another transaction holds their account. */
  private async publish(tx: Tx, userIds: readonly string[]): Promise<string[]> {
    const before = await this.published.find(tx, userIds);
    const read = await this.accesses.findAll(userIds, tx);
    const changedByTime = [...read].flatMap(([userId, access]) =>
      isChangedByTime(access, before.get(userId)) ? [userId] : [],
    );
    const raised = await this.raiseRevisions(tx, changedByTime);
    const postponed = changedByTime.filter((userId) => !raised.has(userId));
    const current = [...read, ...raised]
      .map(([userId, access]): PublishedAccess => ({ userId, ...access }))
      .filter(({ userId }) => !postponed.includes(userId));
    await this.save(tx, current, before);
    return postponed;
  }

  /**
   * A change by time alone has a new revision, too, so that a reader does not take it for an old
   * one. Answers the accesses as they are then.
   */
  private async raiseRevisions(tx: Tx, userIds: string[]): Promise<Map<string, AccountAccess>> {
    if (userIds.length === 0) return new Map();
    return this.accesses.findAll(await this.revisions.increaseIfFree(tx, userIds), tx);
  }

  private async save(
    tx: Tx,
    current: readonly PublishedAccess[],
    before: ReadonlyMap<string, AccountAccess>,
  ): Promise<void> {
    const latest = [...new Map(current.map((access) => [access.userId, access])).values()];
    const changed = latest.filter((access) => !isSame(access, before.get(access.userId)));
    const known = latest.filter(({ userId }) => before.has(userId));
    const stored = [...new Set([...changed, ...known])];
    if (stored.length > 0) await this.published.save(tx, stored);
    if (changed.length > 0)
      await this.publisher.publish(tx, ...changed.map((access) => toEvent(access, this.clock.now())));
  }
}

function toEvent({ userId, changesAt: _, ...access }: PublishedAccess, at: Date): PublicEvent {
  const type = 'access.changed';
  return {
    id: eventIdFrom({ type, userId, ...access }),
    type,
    at,
    data: { person: personOf(userId), ...access },
  };
}

const noAccess = { active: false, source: 'none', until: null, tier: 'free', creditUntil: null } as const;

function isSame(access: AccountAccess, published: AccountAccess | undefined): boolean {
  const { active, source, until, tier, creditUntil } = published ?? noAccess;
  return (
    access.active === active &&
    access.source === source &&
    access.tier === tier &&
    access.until?.getTime() === until?.getTime() &&
    access.creditUntil?.getTime() === creditUntil?.getTime()
  );
}

function isChangedByTime(access: AccountAccess, published: AccountAccess | undefined): boolean {
  return published?.revision === access.revision && !isSame(access, published);
}

/** Until the transaction ends. */
async function isOnlyPublisher(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ isOnly: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('webhooks.published_access', 0)) AS "isOnly"`,
  );
  return row?.isOnly === true;
}
