import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { after, dayMs } from '../../platform/durations.js';
import {
  changesBetween,
  draftOf,
  forceSpans,
  ProgrammeTerms,
  TermsArchive,
  WrongTerms,
  type FieldChange,
  type GivenTerms,
  type Terms,
  type TermsDraft,
} from '../../referral/index.js';
import { PaymentHistory, type Window } from './payment-history.js';
import { Replay, type Replayed } from './replay.js';

/** A draft, what it changes in the terms in force, and what it would have cost. `newest`: to publish it, base it on this. */
export interface TermsPreview {
  inForce: Terms;
  newest: number;
  draft: TermsDraft;
  changes: FieldChange[];
  /** Versions whose time is still to come, and never will once the draft is published. */
  superseded: number[];
  window: Window;
  replayed: Replayed;
}

/** Shows what terms would change before they are published. Reads only. */
@Injectable()
export class TermsPreviews {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly archive: TermsArchive,
    private readonly history: PaymentHistory,
    private readonly clock: Clock,
  ) {}

  /**
   * What `given` makes of the terms in force, and what the payments of the last `days` would have cost under it.
   * Errors: `request.invalid` with every field that is not right.
   */
  async of(given: GivenTerms, days: number): Promise<TermsPreview> {
    const now = this.clock.now();
    const [inForce, newest] = await Promise.all([this.terms.current(), this.terms.newestVersion()]);
    const { draft, problems } = draftOf(given, inForce, now);
    if (draft === null) throw new WrongTerms(problems);
    const window = { from: after(now, -days * dayMs), to: now };
    return {
      ...{ inForce, newest, draft, window },
      changes: changesBetween(inForce, draft),
      superseded: supersededBy({ version: newest + 1, ...draft }, await this.archive.versions(), now),
      replayed: await this.replay(draft, window),
    };
  }

  /** Two streams in the order of time: what converted, and what would have converted only now. */
  private async replay(draft: TermsDraft, window: Window): Promise<Replayed> {
    const before = draft.milestone === null ? undefined : await this.history.standingBefore(window);
    const replay = new Replay(draft, window.to, before);
    const missed = await this.history.missed(window, draft);
    let next = 0;
    for await (const payment of this.history.conversions(window, draft)) {
      for (let early = missed[next]; early !== undefined && early.at < payment.at; early = missed[++next])
        replay.play(early);
      replay.play(payment);
    }
    for (const late of missed.slice(next)) replay.play(late);
    return replay.result(await this.history.milestones(window));
  }
}

/** Of the versions that are planned: those of which `next` takes all of their time. */
function supersededBy(next: Terms, versions: readonly Terms[], now: Date): number[] {
  const ahead = (all: readonly Terms[]) =>
    new Set(forceSpans(all).flatMap((span) => (span.from !== null && span.from > now ? [span.version] : [])));
  const left = ahead([...versions, next]);
  return versions
    .filter(({ version, validFrom }) => validFrom > now && ahead(versions).has(version) && !left.has(version))
    .map(({ version }) => version)
    .sort((one, other) => one - other);
}
