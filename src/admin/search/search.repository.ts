import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { isId } from '../../platform/ids.js';

/** What an exact id names, and whose it is. `event` belongs to no user. */
export interface FoundId {
  kind: 'user' | 'referral' | 'customer' | 'subscription' | 'payment' | 'event' | 'person';
  id: string;
  userId: string | null;
}

/** Finds what an exact id names, each kind by the key of its table. */
@Injectable()
export class SearchRepository {
  constructor(private readonly database: Database) {}

  /** Everything that has this id, or this address. */
  findExact(text: string): Promise<FoundId[]> {
    if (isId(text))
      return this.database.query<FoundId>(
        `SELECT 'user' AS kind, id, id AS "userId" FROM admin.user_row WHERE id = $1
         UNION ALL SELECT 'referral', id, referred_id FROM admin.referral_row WHERE id = $1
         UNION ALL SELECT kind, user_id, user_id FROM admin.id_owner WHERE id = $2`,
        [text.toLowerCase(), text],
      );
    return this.database.query<FoundId>(
      `SELECT kind, id, user_id AS "userId" FROM admin.id_owner WHERE id = $1`,
      [text],
    );
  }
}
