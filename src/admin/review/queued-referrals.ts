import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import {
  InviteExplanationService,
  SignalsRepository,
  type FraudFindingDto,
  type SharingPerson,
} from '../../referral/index.js';
import { AdminReferralsRepository } from '../referrals/admin-referrals.repository.js';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { PeopleNames, type PersonName } from '../users/people-names.js';
import { formatPlace } from './queue-place.js';
import type { QueuePlace } from './review-queue.repository.js';

/** A person who shares something with the friend. */
export type ConnectedPerson = SharingPerson & Omit<PersonName, 'id'>;

/** A referral that waits for a decision, and what speaks for and against it. */
export interface QueuedReferral {
  referral: ReferralDto;
  place: string;
  openedAt: Date;
  findings: FraudFindingDto[];
  connected: ConnectedPerson[];
}

const maxConnected = 20;

/** Gathers what staff need to know to decide about a referral that waits. */
@Injectable()
export class QueuedReferrals {
  constructor(
    private readonly referrals: AdminReferralsRepository,
    private readonly explanations: InviteExplanationService,
    private readonly signals: SignalsRepository,
    private readonly names: PeopleNames,
    private readonly database: Database,
  ) {}

  /** The referral at a place of the queue; null once it is gone. */
  async load(place: QueuePlace): Promise<QueuedReferral | null> {
    const referral = await this.referrals.find(this.database, place.id);
    if (referral === null) return null;
    const [{ findings }, sharing] = await Promise.all([
      this.explanations.explainReferral(place.id),
      this.signals.findSharing(this.database, referral.referred.userId, maxConnected),
    ]);
    const names = await this.names.findByIds(sharing.map(({ userId }) => userId));
    const connected = sharing.map((person) => {
      const { email = null, displayName = null } = names.get(person.userId) ?? {};
      return { ...person, email, displayName };
    });
    return { referral, place: formatPlace(place), openedAt: place.openedAt, findings, connected };
  }
}
