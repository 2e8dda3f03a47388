import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import {
  diffTerms,
  validateDraft,
  activePeriods,
  ProgrammeTerms,
  TermsRepository,
  InvalidTermsError,
  type FieldChange,
  type TermsInput,
  type Terms,
  type TermsDraft,
} from '../../referral/index.js';
import type { TermsPreviewDto } from './terms-preview.dto.js';
import { toTermsChangeDto, toTermsDraftDto } from './terms-response.dto.js';
import { PaymentHistoryRepository, type PaymentWindow } from './simulation/payment-history.repository.js';
import { TermsSimulation, type SimulationResult } from './simulation/terms-simulation.js';

/**
 * A draft, what it changes in the terms in force, and what it would have cost. `newest`: to publish
 * it, base it on this.
 */
export interface TermsPreview {
  inForce: Terms;
  newest: number;
  draft: TermsDraft;
  changes: FieldChange[];
  /** Versions whose time is still to come, and never will once the draft is published. */
  superseded: number[];
  paymentWindow: PaymentWindow;
  simulation: SimulationResult;
}

/** Shows what terms would change before they are published. Reads only. */
@Injectable()
export class TermsPreviewService {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly repository: TermsRepository,
    private readonly payments: PaymentHistoryRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * The terms in force with the changes of `input`, and what the payments of the last `days` would
   * have cost under them.
   * Errors: `request.invalid` with every field that is not right.
   */
  async preview(input: TermsInput, days: number): Promise<TermsPreview> {
    const now = this.clock.now();
    const [inForce, newest] = await Promise.all([this.terms.current(), this.repository.findNewestVersion()]);
    const { draft, problems } = validateDraft(input, inForce, now);
    if (draft === null) throw new InvalidTermsError(problems);
    const window = { from: addMs(now, -days * dayMs), to: now };
    return {
      ...{ inForce, newest, draft, paymentWindow: window },
      changes: diffTerms(inForce, draft),
      superseded: supersededBy(
        { version: newest + 1, ...draft },
        (await this.repository.listVersions()).map(({ terms }) => terms),
        now,
      ),
      simulation: await this.simulate(draft, window),
    };
  }

  /** The longest of `days`, longest first, with at most `count` conversions; else the shortest. */
  async longestPeriod(days: readonly number[], count: number): Promise<number> {
    const tooOld = await this.payments.findTimeOfNewest(count);
    const now = this.clock.now();
    const fits = (own: number) => tooOld === null || tooOld < addMs(now, -own * dayMs);
    return days.find(fits) ?? days.at(-1) ?? 0;
  }

  /** Two streams in the order of time: what converted, and what would have converted only now. */
  private async simulate(draft: TermsDraft, paymentWindow: PaymentWindow): Promise<SimulationResult> {
    const before =
      draft.milestone === null ? undefined : await this.payments.countGrantedBefore(paymentWindow);
    const termsSimulation = new TermsSimulation(draft, paymentWindow.to, before);
    const newlyQualifying = await this.payments.newlyQualifyingPayments(paymentWindow, draft);
    let next = 0;
    for await (const payment of this.payments.conversions(paymentWindow, draft)) {
      for (
        let earlier = newlyQualifying[next];
        earlier !== undefined && earlier.at < payment.at;
        earlier = newlyQualifying[++next]
      )
        termsSimulation.addPayment(earlier);
      termsSimulation.addPayment(payment);
    }
    for (const later of newlyQualifying.slice(next)) termsSimulation.addPayment(later);
    return termsSimulation.result(await this.payments.sumMilestones(paymentWindow));
  }
}

/** Of the versions that are planned: those of which `next` takes all of their time. */
function supersededBy(next: Terms, versions: readonly Terms[], now: Date): number[] {
  const plannedVersions = (all: readonly Terms[]) =>
    new Set(
      activePeriods(all).flatMap((span) => (span.from !== null && span.from > now ? [span.version] : [])),
    );
  const remaining = plannedVersions([...versions, next]);
  return versions
    .filter(
      ({ version, validFrom }) =>
        validFrom > now && plannedVersions(versions).has(version) && !remaining.has(version),
    )
    .map(({ version }) => version)
    .sort((one, other) => one - other);
}

/** A preview for the API. `basedOn` is the version to publish it on. */
export function toTermsPreviewDto({
  inForce,
  newest,
  draft,
  changes,
  superseded,
  paymentWindow,
  simulation,
}: TermsPreview): TermsPreviewDto {
  return {
    basedOn: newest,
    inForce: inForce.version,
    draft: toTermsDraftDto(draft),
    changes: changes.map((own) => toTermsChangeDto(own)),
    superseded,
    replay: { from: paymentWindow.from, to: paymentWindow.to, ...simulation },
  };
}
