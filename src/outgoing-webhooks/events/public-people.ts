import { Injectable } from '@nestjs/common';

/** A person as other products know them. `externalId` is their own id for the person. */
export interface PublicPerson {
  id: string;
  externalId: string | null;
}

/** What events say of people. */
@Injectable()
export class PublicPeople {
  /** The person with this account. */
  personOf(userId: string): Promise<PublicPerson> {
    return Promise.resolve({ id: userId, externalId: null });
  }
}
