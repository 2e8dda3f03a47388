import { Injectable } from '@nestjs/common';
import { findExternalIds } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';

/** A person as other products know them. `externalId` is their own id for the person. */
export interface PublicPerson {
  id: string;
  externalId: string | null;
}

/** What events say of people. */
@Injectable()
export class PublicPeople {
  constructor(private readonly database: Database) {}

  /** The person with this account. An erased person has no external id any more. */
  async personOf(userId: string): Promise<PublicPerson> {
    const externalIds = await findExternalIds(this.database, [userId]);
    return { id: userId, externalId: externalIds.get(userId) ?? null };
  }
}
