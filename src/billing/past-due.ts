/** What is known of a subscription being past due. The same events leave the same, in whatever order they arrive. */
export interface PastDue {
  /** When it became past due, as far as is known; null while it is not. */
  since: Date | null;
  /** Times at which Stripe called it past due, from `otherwiseAt` on, earliest first. */
  saidAt: Date[];
  /** The latest time at which Stripe called it anything else. */
  otherwiseAt: Date | null;
}

/** A subscription as it is stored, with what is known of it being past due. */
export interface KnownStatus extends PastDue {
  status: string;
  snapshotAt: Date | null;
}

/** A status that Stripe gave: in an event made `at`, or as the answer to a question asked at `askedAt`. */
export interface SaidStatus {
  status: string;
  at: Date;
  askedAt: Date | null;
}

/**
 * What is known once Stripe has said one more thing. `isNewest`: it becomes the status that is stored. An answer has no
 * time of its own that events could be compared with, so it never says when a subscription became past due by itself.
 */
export function pastDueAfter(known: KnownStatus | null, said: SaidStatus, isNewest: boolean): PastDue {
  const before = known === null ? { since: null, saidAt: [], otherwiseAt: null } : withOwnStatus(known);
  const facts = hear(before, said);
  const status = isNewest ? said.status : (known?.status ?? said.status);
  if (!isPastDue(status)) return { ...facts, since: null };
  const { saidAt, otherwiseAt } = facts;
  // of one second that says both, the later status is not known: a later event counts more
  const first = saidAt.find((at) => otherwiseAt === null || at > otherwiseAt) ?? saidAt[0];
  return { ...facts, since: first ?? before.since ?? said.askedAt ?? said.at };
}

function hear(before: PastDue, { status, at, askedAt }: SaidStatus): PastDue {
  if (isPastDue(status)) return askedAt === null ? { ...before, saidAt: withTime(before, at) } : before;
  const otherwiseAt = later(before.otherwiseAt, askedAt ?? at);
  return { ...before, otherwiseAt, saidAt: before.saidAt.filter((one) => one >= otherwiseAt) };
}

/** A row that an older release wrote has its status and time, and nothing else. */
function withOwnStatus(known: KnownStatus): PastDue {
  const { status, snapshotAt: at, since, saidAt, otherwiseAt } = known;
  const isOlder = since === null && saidAt.length === 0;
  if (at === null || (isPastDue(status) && !isOlder)) return { since, saidAt, otherwiseAt };
  return hear({ since, saidAt, otherwiseAt }, { status, at, askedAt: null });
}

function withTime({ saidAt, otherwiseAt }: PastDue, at: Date): Date[] {
  const isOver = otherwiseAt !== null && at < otherwiseAt;
  if (isOver || saidAt.some((one) => one.getTime() === at.getTime())) return saidAt;
  return [...saidAt, at].sort((one, other) => one.getTime() - other.getTime());
}

function isPastDue(status: string): boolean {
  return status === 'past_due';
}

function later(one: Date | null, other: Date): Date {
  return one !== null && one > other ? one : other;
}
