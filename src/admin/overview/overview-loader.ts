import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { emailLanes } from '../../platform/jobs/failed-jobs.js';
import { maxCount, type GaugeSample } from '../../platform/observability/metrics/metric-source.js';
import { Metrics } from '../../platform/observability/metrics/metrics.js';
import { ProgrammeTerms } from '../../referral/index.js';
import { deliveryExamples, stepsOf, type DeliveryExample, type Step } from './first-steps.js';
import { ProgrammeStats, type UnusedDays } from '../stats/programme-stats.js';
import { maxCounted, OverviewRepository, type Activity } from './overview.repository.js';

/** Something that waits for staff, and where its list is. `isMore`: there are more than `count`. */
export interface Task {
  name:
    | 'reviews'
    | 'deadEvents'
    | 'failedEvents'
    | 'parkedEvents'
    | 'failedEmails'
    | 'failedJobs'
    | 'deadDeliveries'
    | 'disabledEndpoints'
    | 'discrepancies';
  count: number;
  isMore: boolean;
  href: string;
}

/**
 * The overview: what waits, the last seven days and the seven before, the days that are owed, and
 * the steps to the first payment, null once they are all done.
 */
export interface OverviewModel {
  tasks: Task[];
  thisWeek: Activity;
  lastWeek: Activity;
  liability: UnusedDays | null;
  setUp: { steps: Step[]; examples: DeliveryExample[] } | null;
}

const weekMs = 7 * dayMs;

/** Gathers the overview of the console. */
@Injectable()
export class OverviewLoader {
  // eslint-disable-next-line max-params -- each part of the page comes from somewhere else
  constructor(
    private readonly repository: OverviewRepository,
    private readonly stats: ProgrammeStats,
    private readonly metrics: Metrics,
    private readonly terms: ProgrammeTerms,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The overview as it is now; what metrics count may be seconds old, the liability
   * as late as it is stored. */
  async load(): Promise<OverviewModel> {
    const now = this.clock.now();
    const weekAgo = addMs(now, -weekMs);
    const [reviews, thisWeek, lastWeek, liability, gauges, setUp] = await Promise.all([
      this.repository.countWaitingReviews(),
      this.repository.activity(weekAgo, now),
      this.repository.activity(addMs(weekAgo, -weekMs), weekAgo),
      this.stats.unusedDays(),
      this.metrics.readSourcesExcept(['credit']),
      this.setUp(),
    ]);
    return { tasks: tasksOf(reviews, gauges), thisWeek, lastWeek, liability, setUp };
  }

  private async setUp(): Promise<OverviewModel['setUp']> {
    const [seen, terms] = await Promise.all([this.repository.firstSteps(), this.terms.current()]);
    const steps = stepsOf(this.config, { ...seen, newestTerms: terms.version });
    if (steps.every(({ state }) => state === 'done')) return null;
    return { steps, examples: deliveryExamples(this.config.creditDelivery, terms.referrerDays) };
  }
}

/** What waits, the most urgent first; nothing that does not. */
function tasksOf(reviews: number, gauges: GaugeSample[]): Task[] {
  const task = (name: Task['name'], count: number, href: string, most = maxCount): Task => ({
    ...{ name, count, href },
    isMore: count >= most,
  });
  const jobs = (isEmail: boolean) =>
    sumOf(
      gauges,
      'twofold_outbox_jobs',
      ({ lane, state }) => state === 'failed' && emailLanes.some((own) => own === lane) === isEmail,
    );
  const events = (status: string) =>
    sumOf(gauges, 'twofold_inbox_events', (labels) => labels.status === status);
  const tasks = [
    task('discrepancies', sumOf(gauges, 'twofold_verify_discrepancies'), '/admin/failures#ledger'),
    task('deadEvents', events('dead'), '/admin/events?status=dead'),
    task('failedEvents', events('failed'), '/admin/events?status=failed'),
    task('failedEmails', jobs(true), '/admin/failures?kind=email'),
    task('failedJobs', jobs(false), '/admin/failures?kind=work'),
    task(
      'disabledEndpoints',
      sumOf(gauges, 'twofold_webhook_endpoints', ({ state }) => state === 'disabled'),
      '/admin/failures#endpoints',
    ),
    task(
      'deadDeliveries',
      sumOf(gauges, 'twofold_webhook_deliveries', ({ status }) => status === 'dead'),
      '/admin/webhooks/deliveries?status=dead',
    ),
    task('reviews', reviews, '/admin/review', maxCounted),
    task('parkedEvents', events('parked'), '/admin/events?status=parked'),
  ];
  return tasks.filter(({ count }) => count > 0);
}

function sumOf(
  gauges: GaugeSample[],
  name: string,
  matches: (labels: Record<string, string>) => boolean = () => true,
): number {
  return gauges
    .filter((gauge) => gauge.name === name && matches(gauge.labels ?? {}))
    .reduce((sum, { value }) => sum + value, 0);
}
