import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { LimitsRepository, type LimitDiscrepancy, type MilestoneCheck } from './limits.repository.js';
import { withRequiredCounts } from './milestone-rules.js';

/** Recounts what conversions take of caps and budgets, and which milestones they add up to. */
@Injectable()
export class LimitVerifier {
  constructor(
    private readonly limits: LimitsRepository,
    private readonly clock: Clock,
  ) {}

  /** Finds what does not add up, and rewards that should have arrived a day ago. */
  async *findDiscrepancies(): AsyncGenerator<LimitDiscrepancy> {
    yield* this.limits.findDiscrepancies();
    yield* this.milestones();
    yield* await this.limits.findOverdue(addMs(this.clock.now(), -dayMs));
  }

  /** Finds milestones that do not match the granted referrals of their person. */
  async *milestones(): AsyncGenerator<LimitDiscrepancy> {
    for (const check of await this.limits.findMilestoneChecks()) yield* milestoneProblems(check);
  }
}

/** A budget that was used up may keep a milestone from coming back. */
function* milestoneProblems({ userId, grantedCount, reached }: MilestoneCheck): Generator<LimitDiscrepancy> {
  for (const { ordinal, requiredCount, isGranted, isLimited } of withRequiredCounts(reached)) {
    if (isGranted === requiredCount <= grantedCount || (!isGranted && isLimited)) continue;
    const actualText = isGranted ? 'is granted' : 'is reversed';
    yield { userId, problem: `milestone ${ordinal} ${actualText} with ${grantedCount} granted invitations` };
  }
}
