import {
  StripeAccount,
  countUnprocessed,
  explainWaiting,
  EventReplay,
  InboxQueries,
  type StripeEventDto,
  type InboxStatus,
  type UnprocessedCount,
  ReconciliationService,
  type Finding,
  type ReconciliationResult,
  type ReconciliationOptions,
} from '../billing/index.js';
import { Database } from '../platform/database/database.js';
import { operator } from './application.js';
import { CommandError, type CommandReport, type GetService } from './command-context.js';
import { formatCount, createProgress } from './progress.js';

/**
 * Accepts the Stripe account that the present key opens. Idempotent. Errors: CommandError when the
 * key opens no such account.
 */
export async function acceptStripeAccount(get: GetService, accountId: string): Promise<CommandReport> {
  const endingSubscriptions = await get(StripeAccount).accept(accountId, operator);
  if (endingSubscriptions === null)
    throw new CommandError(
      `STRIPE_SECRET_KEY does not belong to ${accountId}, or Stripe does not report its account.`,
    );
  return {
    json: { accountId, subscriptionsThatEnd: endingSubscriptions },
    lines: [
      `This installation now uses ${accountId}.`,
      ...(endingSubscriptions === 0
        ? []
        : [`${endingSubscriptions} subscriptions of the old account end when their paid period ends.`]),
    ],
  };
}

/** Which events to list. */
export interface EventFilter {
  status?: InboxStatus;
  type?: string;
  limit: number;
}

/**
 * Lists events as the inbox has them, the newest first; then counts all that wait or were given up,
 * with the reason.
 */
export async function listEvents(get: GetService, search: EventFilter): Promise<CommandReport> {
  const { items } = await get(InboxQueries).list(search);
  const waiting = (await countUnprocessed(get(Database))).map(explainCount);
  return {
    json: { items, waiting },
    lines: [
      ...(items.length === 0 ? ['No such event.'] : items.flatMap(eventLines)),
      ...(waiting.length === 0 ? [] : ['']),
      ...waiting.map(waitingLine),
    ],
  };
}

/**
 * Applies an event of the inbox again, whatever its status. Idempotent: what is known already is
 * not written twice.
 * Errors: `request.not_found`, `billing.replay_failed`. Shape: a problem when it still waits.
 */
export async function replayEvent(get: GetService, eventId: string): Promise<CommandReport> {
  const { outcome, detail } = await get(EventReplay).replay(eventId, operator);
  return {
    json: { eventId, outcome, detail },
    problem: outcome === 'parked' || outcome === 'dead',
    lines: [`${eventId}: ${outcome} (${detail})`],
  };
}

function eventLines(event: StripeEventDto): string[] {
  const { id, type, status, detail, waitingKey, waiting, failures, receivedAt, nextRetryAt } = event;
  const waits = waitingKey === null ? '' : `, waits for ${waitingKey}`;
  const failed = failures === 0 ? '' : `, failed ${failures} times`;
  const line = `${receivedAt.toISOString()}  ${status.padEnd(8)}  ${id}  ${type}  ${detail ?? ''}${waits}${failed}`;
  if (waiting === null) return [line];
  const next = `next retry ${nextRetryAt?.toISOString() ?? 'as soon as a worker runs'}`;
  return [line, `  why: ${waiting.why}; resolved by ${waiting.freedBy}; ${next}`];
}

function explainCount({ failures, ...count }: UnprocessedCount) {
  return { ...count, waiting: explainWaiting({ ...count, failures }) };
}

function waitingLine({ status, events, waiting }: ReturnType<typeof explainCount>): string {
  const why =
    waiting === null ? 'it failed ten times; replay it: npx twofold events replay <id>' : waiting.why;
  return `${events} ${status}: ${why}`;
}

/** More are counted, but not reported one by one. */
const maxFindingsShown = 1_000;

/**
 * Compares Stripe's events, then its objects, with what we know, and brings what is missing. Safe
 * at any time, beside the running application too. Errors: `billing.stripe_unreachable`. Shape: a
 * problem when something could not be applied.
 */
export async function runReconcile(
  get: GetService,
  request: { since?: Date; dryRun: boolean },
): Promise<CommandReport> {
  const findings: Finding[] = [];
  const progress = createProgress();
  const compare = (what: 'events' | 'objects') => {
    progress.end();
    process.stderr.write(`Comparing ${what} …\n`);
    const options: ReconciliationOptions = {
      ...request,
      onFinding: (finding) => {
        if (findings.length < maxFindingsShown) findings.push(finding);
      },
      onProgress: (looked) => progress.show(() => `${what}: ${formatCount(looked)} compared`),
    };
    const reconciliation = get(ReconciliationService);
    return what === 'events'
      ? reconciliation.reconcileEvents(options)
      : reconciliation.reconcileObjects(options);
  };
  const events = await compare('events');
  const objects = await compare('objects');
  progress.end();
  const notShown = events.missing + objects.missing - findings.length;
  return {
    json: {
      dryRun: request.dryRun,
      events,
      objects,
      findings,
      notShown,
    },
    problem: events.failed + objects.failed > 0,
    lines: [
      ...findings.map(({ kind, id, status, outcome }) => `${kind} ${id} (${status}): ${outcome}`),
      ...(notShown > 0 ? [`… and ${formatCount(notShown)} more`] : []),
      reconcileSummary('Events', events, request.dryRun),
      reconcileSummary('Objects', objects, request.dryRun),
    ],
  };
}

function reconcileSummary(
  what: string,
  { since, compared, missing, failed }: ReconciliationResult,
  dryRun: boolean,
): string {
  const summary = `${what} since ${since.toISOString()}: ${formatCount(compared)} compared`;
  if (missing === 0) return `${summary}, none missing.`;
  const became = dryRun ? 'none applied: this was a dry run' : `${formatCount(failed)} of them failed`;
  return `${summary}, ${formatCount(missing)} missing, ${became}.`;
}
