import { Injectable } from '@nestjs/common';
import type {
  AccountsMerged,
  EmailChanged,
  UserCreated,
  UsersErased,
  UserUpdated,
} from '../../auth/index.js';
import type { CreditGranted, CreditRevoked } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { DomainEvent, Publication } from '../../platform/jobs/outbox.js';
import type {
  ConversionPayload,
  CreditMovement,
  ReferralConverted,
  ReferralCredited,
  ReferralLinked,
  ReferralMilestone,
  ReferralReviewed,
  ReferralStatusChanged,
} from '../../referral/index.js';
import { eventIdFrom } from './event-id.js';
import { EventPublisher, type PublicEvent } from './event-publisher.js';
import type { EventType } from './event-types.js';
import { personOf, type PublicPerson } from './public-people.js';

/** Which referral an event is about. */
type ReferralPayload = Pick<ConversionPayload, 'referralId' | 'referrerId' | 'referredId'>;

/** A domain event, and the call of the outbox that published it. */
interface Source {
  event: DomainEvent;
  publication: Publication;
}

/**
 * Publishes domain events to other products. Called by event handlers. Idempotent: a handler that
 * runs again stores nothing.
 */
@Injectable()
export class DomainEventTranslator {
  constructor(
    private readonly publisher: EventPublisher,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** `person.created`. */
  async userCreated(event: UserCreated, publication: Publication): Promise<void> {
    await this.publish({ event, publication }, 'person.created', { person: personOf(event.userId) });
  }

  /** `person.updated`. */
  async userUpdated(event: UserUpdated, publication: Publication): Promise<void> {
    const data = { person: personOf(event.userId), changed: event.changed };
    await this.publish({ event, publication }, 'person.updated', data);
  }

  /** `person.updated`, for the address. */
  async emailChanged(event: EmailChanged, publication: Publication): Promise<void> {
    const data = { person: personOf(event.userId), changed: ['email'] };
    await this.publish({ event, publication }, 'person.updated', data);
  }

  /** `person.merged`: what `mergedPerson` had belongs to `person` now. */
  async accountsMerged(event: AccountsMerged, publication: Publication): Promise<void> {
    const { mergeId, fromUserId, intoUserId } = event;
    await this.publish({ event, publication }, 'person.merged', {
      mergeId,
      person: personOf(intoUserId),
      mergedPerson: personOf(fromUserId),
    });
  }

  /** `person.erased`, with the people who were merged into this one before. */
  async usersErased(event: UsersErased, publication: Publication): Promise<void> {
    const [person, ...mergedPeople] = event.userIds.map(personOf);
    await this.publish({ event, publication }, 'person.erased', { person, mergedPeople });
  }

  /** `referral.linked`. */
  async referralLinked(event: ReferralLinked, publication: Publication): Promise<void> {
    const data = referralData(event);
    await this.publish({ event, publication }, 'referral.linked', data);
  }

  /** `referral.converted`, and `referral.held` where the reward waits. */
  async referralConverted(event: ReferralConverted, publication: Publication): Promise<void> {
    const data = {
      ...conversionData(event),
      convertedAt: event.convertedAt,
      ...{ state: event.state, reasons: event.reasons, isCapped: event.capped },
      promised: toMovements(event.promised),
    };
    const isHeld = event.state === 'held';
    await this.publish({ event, publication }, ['referral.converted', ...(isHeld ? heldType : [])], data);
  }

  /** `referral.credited`. */
  async referralCredited(event: ReferralCredited, publication: Publication): Promise<void> {
    const credited = toMovements(event.credited);
    const data = { ...conversionData(event), credited };
    await this.publish({ event, publication }, 'referral.credited', data);
  }

  /** `referral.held`, `referral.reversed` or `referral.restored`. */
  async referralStatusChanged(event: ReferralStatusChanged, publication: Publication): Promise<void> {
    await this.publish({ event, publication }, event.name, {
      ...conversionData(event),
      ...{ state: event.state, reasons: event.reasons, wasCredited: event.wasCredited },
      moved: toMovements(event.moved),
    });
  }

  /** `referral.rejected`; an approval is no event for other products. */
  async referralReviewed(event: ReferralReviewed, publication: Publication): Promise<void> {
    if (event.decision !== 'rejected') return;
    const data = { ...referralData(event), rejectedAt: event.at };
    await this.publish({ event, publication }, 'referral.rejected', data);
  }

  /** `credit.granted` by the team. */
  async creditGranted(event: CreditGranted, publication: Publication): Promise<void> {
    const { entryId, userId, days } = event;
    const person = personOf(userId);
    const data = { entryId, person, days, reason: 'manual', until: event.until };
    await this.publish({ event, publication }, 'credit.granted', data);
  }

  /** `credit.taken` by the team. */
  async creditRevoked(event: CreditRevoked, publication: Publication): Promise<void> {
    const { entryId, userId, days } = event;
    const person = personOf(userId);
    const data = { entryId, person, days, reason: 'manual', until: event.until };
    await this.publish({ event, publication }, 'credit.taken', data);
  }

  /** `credit.granted` or `credit.taken` for a milestone; both say a positive number of days. */
  async milestone(event: ReferralMilestone, publication: Publication): Promise<void> {
    const { entryId, referrerId, ordinal } = event;
    const person = personOf(referrerId);
    const data = { entryId, person, days: Math.abs(event.days), reason: 'milestone', ordinal };
    const type = event.isGranted ? 'credit.granted' : 'credit.taken';
    await this.publish({ event, publication }, type, data);
  }

  private async publish(
    source: Source,
    types: EventType | readonly EventType[],
    data: Record<string, unknown>,
  ): Promise<void> {
    const { publishedAt } = source.publication;
    const at = publishedAt === undefined ? this.clock.now() : new Date(publishedAt);
    const events = [types].flat().map((type): PublicEvent => ({ id: eventId(source, type), type, at, data }));
    await this.database.transaction((tx) => this.publisher.publish(tx, ...events));
  }
}

function conversionData(event: ConversionPayload): Record<string, unknown> {
  const { conversionId, holds, releaseAt } = event;
  return { ...referralData(event), conversionId, holds, releaseAt };
}

function referralData({ referralId, referrerId, referredId }: ReferralPayload): Record<string, unknown> {
  const referrer = referrerId === null ? null : personOf(referrerId);
  return { referralId, referrer, referred: personOf(referredId) };
}

function toMovements(
  movements: readonly CreditMovement[],
): { side: CreditMovement['side']; person: PublicPerson; days: number }[] {
  return movements.map(({ side, userId, days }) => ({ side, person: personOf(userId), days }));
}

const heldType = ['referral.held'] as const;

/** The same for the same publication, whichever run of a handler asks. */
function eventId({ event, publication }: Source, type: EventType): string {
  const { publicationId = null } = publication;
  return eventIdFrom({ type, publicationId, event });
}
