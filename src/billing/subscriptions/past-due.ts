/**
 * Derives when a subscription became past due. The same events give the same result, in whatever
 * order they arrive.
 */
export interface PastDueHistory {
  /** When it became past due, as far as is known; null while it is not. */
  since: Date | null;
  /** Times at which Stripe called it past due, from `otherwiseAt` on, earliest first. */
  reportedAt: Date[];
  /** The latest time at which Stripe called it anything else. */
  otherStatusAt: Date | null;
}

/** A subscription as it is stored, with what is known of it being past due. */
export interface StoredStatus extends PastDueHistory {
  status: string;
  snapshotAt: Date | null;
}

/**
 * A status that Stripe gave: in an event made `at`, or as the answer to a question asked at
 * `askedAt`.
 */
export interface ReportedStatus {
  status: string;
  at: Date;
  askedAt: Date | null;
}

/**
 * What is known once Stripe has said one more thing. `isNewest`: it becomes the status that is
 * stored. An answer has no time of its own that events could be compared with, so it never says
 * when a subscription became past due by itself.
 */
export function addReport(
  stored: StoredStatus | null,
  report: ReportedStatus,
  isNewest: boolean,
): PastDueHistory {
  const before =
    stored === null ? { since: null, reportedAt: [], otherStatusAt: null } : includeStoredStatus(stored);
  const history = addStatus(before, report);
  const status = isNewest ? report.status : (stored?.status ?? report.status);
  if (!isPastDue(status)) return { ...history, since: null };
  const { reportedAt, otherStatusAt } = history;
  // of one second that says both, the later status is not known: a later event counts more
  const first = reportedAt.find((at) => otherStatusAt === null || at > otherStatusAt) ?? reportedAt[0];
  return { ...history, since: first ?? before.since ?? report.askedAt ?? report.at };
}

function addStatus(before: PastDueHistory, { status, at, askedAt }: ReportedStatus): PastDueHistory {
  if (isPastDue(status)) return askedAt === null ? { ...before, reportedAt: addTime(before, at) } : before;
  const otherwiseAt = latestOf(before.otherStatusAt, askedAt ?? at);
  return {
    ...before,
    otherStatusAt: otherwiseAt,
    reportedAt: before.reportedAt.filter((one) => one >= otherwiseAt),
  };
}

/** A row that an older release wrote has its status and time, and nothing else. */
function includeStoredStatus(stored: StoredStatus): PastDueHistory {
  const { status, snapshotAt: at, since, reportedAt, otherStatusAt } = stored;
  const isOlder = since === null && reportedAt.length === 0;
  if (at === null || (isPastDue(status) && !isOlder)) return { since, reportedAt, otherStatusAt };
  return addStatus({ since, reportedAt, otherStatusAt }, { status, at, askedAt: null });
}

function addTime({ reportedAt, otherStatusAt }: PastDueHistory, at: Date): Date[] {
  const isOver = otherStatusAt !== null && at < otherStatusAt;
  if (isOver || reportedAt.some((one) => one.getTime() === at.getTime())) return reportedAt;
  return [...reportedAt, at].sort((one, other) => one.getTime() - other.getTime());
}

function isPastDue(status: string): boolean {
  return status === 'past_due';
}

function latestOf(one: Date | null, other: Date): Date {
  return one !== null && one > other ? one : other;
}
