import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { after } from '../../platform/durations.js';
import { ReconcileCursors, type Compared } from './cursors.js';
import { Round, type ReconcileOptions } from './round.js';

/** Where rounds of a kind begin. `reachMs`: the first one, and none before that when `isLimited`; `overlapMs`: what is looked at twice. */
export interface Reach {
  reachMs: number;
  overlapMs: number;
  isLimited: boolean;
}

/** Lets each round begin where the last one ended. */
@Injectable()
export class Rounds {
  constructor(
    private readonly cursors: ReconcileCursors,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A round of `what`, and whether it begins without a gap behind the last one. */
  async begin(what: Compared, reach: Reach, options: ReconcileOptions): Promise<Round> {
    const cursor = await this.cursors.read(what);
    const now = this.clock.now();
    const earliest = after(now, -reach.reachMs);
    const wanted = options.since ?? (cursor === null ? earliest : after(cursor, -reach.overlapMs));
    const since = reach.isLimited && wanted < earliest ? earliest : wanted;
    const leavesNoGap = options.since === undefined || (cursor !== null && since <= cursor);
    const span = { since, until: options.until ?? after(now, reach.overlapMs) };
    return new Round({ what, ...span, leavesNoGap }, options, this.clock);
  }

  /** Notes how far a round has come; nothing for a dry one, or one that leaves a gap. Never beyond the present. */
  async reached({ isDry, span }: Round, at: Date): Promise<void> {
    if (isDry || !span.leavesNoGap) return;
    const now = this.clock.now();
    const reachedAt = at < now ? at : now;
    await this.database.transaction((tx) => this.cursors.advance(tx, span.what, reachedAt));
  }
}
