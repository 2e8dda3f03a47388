import {
  AdminReferralsRepository,
  BulkReview,
  effectOf,
  formatPlace,
  maxWaiting,
  parsePlace,
  QueuedReferrals,
  ReviewQueueRepository,
  rewardDays,
  totalEffects,
  type BulkResult,
  type EffectTotal,
  type QueuedReferral,
  type QueuePlace,
  type ReferralDto,
  type ReviewAction,
} from '../../admin/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { errorText } from '../../platform/errors.js';
import { InviteExplanationService } from '../../referral/index.js';
import { operator } from '../application.js';
import { CommandError, UsageError, type CommandReport, type GetService } from '../command-context.js';
import { createProgress, formatCount } from '../progress.js';
import {
  english,
  findingLines,
  findReferralId,
  findReferrals,
  referralLine,
  sidesText,
} from './referral-lines.js';

/** Which of those that wait to list. */
export interface ReviewListOptions {
  rule?: string;
  limit: number;
  after?: string;
  scheduled?: true;
}

/**
 * A page of the referrals that wait, the longest first. Errors: UsageError for a cursor that is
 * none.
 */
export async function listReviews(get: GetService, options: ReviewListOptions): Promise<CommandReport> {
  if (options.scheduled === true) return listScheduled(get, options.limit);
  const found = await findPlaces(get, { ...options, limit: options.limit + 1 });
  const places = found.slice(0, options.limit);
  const last = found.length > places.length ? places.at(-1) : undefined;
  const items = await loadPlaces(get, places);
  const nextCursor = last === undefined ? null : formatPlace(last);
  return {
    json: { items, nextCursor },
    lines: [
      ...(items.length === 0 ? ['Nothing waits for a review.'] : items.flatMap(queuedLines)),
      ...(nextCursor === null ? [] : [`There are more: --after ${nextCursor}`]),
    ],
  };
}

/** A referral that waits, and what the rules found. */
type ListedReview = Omit<QueuedReferral, 'place' | 'connected'>;

async function loadPlaces(get: GetService, places: readonly QueuePlace[]): Promise<ListedReview[]> {
  const referrals = await get(AdminReferralsRepository).findInOrder(
    get(Database),
    places.map(({ id }) => id),
  );
  const openedAt = new Map(places.map((place) => [place.id, place.openedAt]));
  const items: ListedReview[] = [];
  for (const referral of referrals) {
    const { findings } = await get(InviteExplanationService).explainReferral(referral.id);
    items.push({ referral, openedAt: openedAt.get(referral.id) ?? referral.linkedAt, findings });
  }
  return items;
}

function queuedLines({ referral, openedAt, findings }: ListedReview): string[] {
  return [
    `${openedAt.toISOString()}  ${referral.status.padEnd(9)}  ${sidesText(referral)}  ${rewardDays(referral)} days`,
    ...findingLines(findings, referral.referred.email),
  ];
}

async function listScheduled(get: GetService, limit: number): Promise<CommandReport> {
  const ids = await get(ReviewQueueRepository).listScheduled(limit);
  const found = await get(AdminReferralsRepository).findInOrder(get(Database), ids);
  const items = found.filter(({ review }) => review.scheduled !== null);
  return {
    json: { items, nextCursor: null },
    lines: items.length === 0 ? ['All decisions are in force.'] : items.map(referralLine),
  };
}

async function findPlaces(
  get: GetService,
  { rule, after, limit }: { rule?: string; after?: string; limit: number },
): Promise<QueuePlace[]> {
  const place = after === undefined ? null : parsePlace(after);
  if (after !== undefined && place === null) throw new UsageError('--after is not a cursor of this list.');
  const queue = get(ReviewQueueRepository);
  if (rule === undefined) return queue.list(place, limit);
  const found = await queue.listBySingleReason(rule, maxWaiting);
  return found.filter((one) => place === null || isBehind(one, place)).slice(0, limit);
}

function isBehind(one: QueuePlace, place: QueuePlace): boolean {
  const later = one.openedAt.getTime() - place.openedAt.getTime();
  return later > 0 || (later === 0 && one.id > place.id);
}

/** One that waits, with all that a decision needs. Errors: CommandError where it does not wait. */
export async function showReview(get: GetService, name: string): Promise<CommandReport> {
  const id = await findReferralId(get, name);
  const place = await get(ReviewQueueRepository).find(id);
  const review = place === null ? null : await get(QueuedReferrals).load(place);
  if (review === null)
    throw new CommandError(`${name} does not wait for a review. See: twofold referrals show ${name}`);
  return {
    json: review,
    lines: [
      ...queuedLines(review),
      'Shares something with the friend:',
      ...connectedLines(review),
      `To approve: ${effectText(review.referral, 'approve')}`,
      `To reject: ${effectText(review.referral, 'reject')}`,
    ],
  };
}

function connectedLines({ connected, referral }: QueuedReferral): string[] {
  if (connected.length === 0) return ['  no other person'];
  return connected.map(({ userId, email, displayName, kind }) => {
    const name = [displayName, email ?? 'an erased person'].filter(Boolean).join(' ');
    const role = userId === referral.referrer?.userId ? ` (${english('review.isReferrer')})` : '';
    return `  ${name}${role}: ${english(`review.shares.${kind}`)}`;
  });
}

function effectText(referral: ReferralDto, action: ReviewAction): string {
  return english(`review.effect.${effectOf(referral, action)}`, { count: 1, days: rewardDays(referral) });
}

/** What to decide: about referrals that are named, or all that wait and match. */
export interface ReviewRequest {
  action: ReviewAction | 'reopen';
  reason: string;
  allMatching?: true;
  rule?: string;
  waitingSince?: Date;
  yes?: true;
  dryRun?: true;
}

/**
 * Decides about referrals, each in a transaction of its own; one that cannot be decided leaves the
 * others alone. All that match are only shown without `yes`. Shape: a problem for each that could
 * not be decided. Errors: UsageError; CommandError for a name that is no referral.
 */
export async function decideReviews(
  get: GetService,
  names: readonly string[],
  request: ReviewRequest,
): Promise<CommandReport> {
  checkSelection(names, request);
  const now = get(Clock).now();
  const { referrals, isMore } =
    request.allMatching === true
      ? await findMatching(get, request)
      : { referrals: await findReferrals(get, names), isMore: false };
  const dryRun = request.dryRun === true || (request.allMatching === true && request.yes !== true);
  if (dryRun) return toPreview(referrals, request, { isMore, now });
  return toResult(referrals, await decideEach(get, referrals, request), { ...request, isMore });
}

function checkSelection(names: readonly string[], request: ReviewRequest): void {
  const { allMatching, rule, waitingSince, yes } = request;
  if (names.length > 0 === (allMatching === true))
    throw new UsageError('Name referrals, or use --all-matching: one of both.');
  if (allMatching !== true && (rule !== undefined || waitingSince !== undefined || yes !== undefined))
    throw new UsageError('--rule, --waiting-since and --yes need --all-matching.');
}

async function findMatching(
  get: GetService,
  { rule, waitingSince }: ReviewRequest,
): Promise<{ referrals: ReferralDto[]; isMore: boolean }> {
  const places = await findPlaces(get, { ...(rule !== undefined && { rule }), limit: maxWaiting + 1 });
  const matching = places.filter(({ openedAt }) => waitingSince === undefined || openedAt <= waitingSince);
  const ids = matching.slice(0, maxWaiting).map(({ id }) => id);
  return {
    referrals: await get(AdminReferralsRepository).findInOrder(get(Database), ids),
    isMore: matching.length > maxWaiting,
  };
}

async function decideEach(
  get: GetService,
  referrals: readonly ReferralDto[],
  { action, reason }: ReviewRequest,
): Promise<BulkResult[]> {
  const progress = createProgress();
  const results: BulkResult[] = [];
  for (const { id } of referrals) {
    results.push(...(await get(BulkReview).decideAtOnce(operator, [id], { action, reason })));
    progress.show(() => `${formatCount(results.length)} of ${formatCount(referrals.length)} decided`);
  }
  progress.end();
  return results;
}

function toPreview(
  referrals: readonly ReferralDto[],
  request: ReviewRequest,
  { isMore, now }: { isMore: boolean; now: Date },
): CommandReport {
  const { action, rule, waitingSince = now, allMatching } = request;
  const effects = action === 'reopen' ? [] : totalEffects(referrals, action);
  const again = [
    `twofold reviews ${action} --all-matching`,
    ...(rule === undefined ? [] : [`--rule ${rule}`]),
    `--waiting-since ${waitingSince.toISOString()} --reason … --yes`,
  ].join(' ');
  return {
    json: { dryRun: true, action, effects, referrals, isMore, waitingSince },
    lines: [
      `To ${action}: ${formatCount(referrals.length)} referrals.`,
      ...effects.map(totalText),
      ...referrals.map((referral) => `  ${referralLine(referral)}`),
      ...moreLines(isMore),
      'Nothing was written.',
      ...(allMatching === true && referrals.length > 0 ? [`To decide about these: ${again}`] : []),
    ],
  };
}

function totalText({ effect, referrals, days }: EffectTotal): string {
  return `  ${english(`review.effect.${effect}`, { count: referrals, days })}`;
}

function moreLines(isMore: boolean): string[] {
  return isMore ? [`More than ${formatCount(maxWaiting)} wait: run it again for the others.`] : [];
}

function toResult(
  referrals: readonly ReferralDto[],
  results: readonly BulkResult[],
  { action, isMore }: Pick<ReviewRequest, 'action'> & { isMore: boolean },
): CommandReport {
  const refused = results.filter(({ error }) => error !== null);
  const decided = results.filter(({ isChanged }) => isChanged);
  const unchanged = results.length - refused.length - decided.length;
  const byId = new Map(referrals.map((referral) => [referral.id, referral]));
  const items = results.map(({ referralId, error, isChanged }) => ({
    referralId,
    email: byId.get(referralId)?.referred.email ?? null,
    outcome: error !== null ? 'refused' : isChanged ? 'decided' : 'unchanged',
    problem: error === null ? null : errorText(english, error),
  }));
  const words = { approve: 'approved', reject: 'rejected', reopen: 'reopened' };
  return {
    json: {
      dryRun: false,
      action,
      decided: decided.length,
      unchanged,
      refused: refused.length,
      items,
      isMore,
    },
    problem: refused.length > 0,
    lines: [
      ...items.flatMap(({ referralId, outcome, problem }) =>
        outcome === 'decided'
          ? []
          : [`${nameOf(byId, referralId)}: ${problem ?? 'was decided like this before'}`],
      ),
      `${formatCount(decided.length)} ${words[action]}, ${formatCount(unchanged)} unchanged, ${formatCount(refused.length)} refused.`,
      ...moreLines(isMore),
    ],
  };
}

function nameOf(byId: ReadonlyMap<string, ReferralDto>, id: string): string {
  const referral = byId.get(id);
  return referral === undefined ? id : sidesText(referral);
}
