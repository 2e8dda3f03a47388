import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';

/** A user whose column and factors do not agree. */
interface SecondFactorDiscrepancy {
  userId: string;
  problem: string;
}

/** Compares what the look-up of a session reads with the factors that people have. */
@Injectable()
export class SecondFactorVerifier {
  constructor(private readonly database: Database) {}

  /** Checks all users in one snapshot. */
  async *findDiscrepancies(): AsyncGenerator<SecondFactorDiscrepancy> {
    yield* await this.database.query<SecondFactorDiscrepancy>(
      `WITH factor AS (SELECT user_id FROM auth.passkey UNION SELECT user_id FROM auth.authenticator_app)
       SELECT u.id AS "userId", 'the user is said to have a second factor, and has none' AS problem
       FROM auth."user" u WHERE u.has_second_factor AND NOT EXISTS (SELECT FROM factor WHERE user_id = u.id)
       UNION ALL
       SELECT u.id AS "userId", 'the user has a second factor, and is said to have none' AS problem
       FROM factor JOIN auth."user" u ON u.id = factor.user_id WHERE NOT u.has_second_factor`,
    );
  }
}
