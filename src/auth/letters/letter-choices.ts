import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';

/** Letters that somebody may do without. */
export const optionalLetters = ['friend_joined', 'friend_converted', 'credit_ending', 'milestone'] as const;
/** One of {@link optionalLetters}. */
export type OptionalLetter = (typeof optionalLetters)[number];

/** Which letters people want. */
@Injectable()
export class LetterChoices {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The kinds that `userId` wants; all of them until they say otherwise. */
  async wanted(userId: string): Promise<OptionalLetter[]> {
    const rows = await this.database.lookUps.query<{ kind: OptionalLetter }>(
      `SELECT kind FROM auth.unwanted_letter WHERE user_id = $1`,
      [userId],
    );
    return optionalLetters.filter((kind) => !rows.some((row) => row.kind === kind));
  }

  /** Makes `wanted` the only optional letters of `userId`. Again: nothing changes. */
  async choose(tx: Tx, userId: string, wanted: readonly OptionalLetter[]): Promise<void> {
    for (const kind of optionalLetters) await this.want(tx, userId, kind, wanted.includes(kind));
  }

  /** Switches one kind on or off. Nobody to switch it for: nothing happens. */
  async want(tx: Tx, userId: string, kind: OptionalLetter, isWanted: boolean): Promise<void> {
    if (isWanted)
      await tx.query(`DELETE FROM auth.unwanted_letter WHERE user_id = $1 AND kind = $2`, [userId, kind]);
    else
      await tx.query(
        `INSERT INTO auth.unwanted_letter (user_id, kind, since)
         SELECT id, $2, $3 FROM auth."user" WHERE id = $1 AND erased_at IS NULL ON CONFLICT DO NOTHING`,
        [userId, kind, this.clock.now()],
      );
  }
}
