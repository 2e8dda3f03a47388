/**
 * How many jobs of a queue one process runs at once (`workers` × `batch`), and how often it looks
 * for new ones.
 */
export interface LaneCapacity {
  workers: number;
  batch: number;
  pollSeconds: number;
}

/**
 * The lanes that event handlers run in. Each is a queue with workers of its own, so a slow lane
 * delays no other: however many jobs wait for Stripe, a sign-in code is not delayed. Which handler
 * runs in which lane: src/event-handlers.ts.
 */
export const lanes = {
  /** A user is waiting for it. */
  'sign-in': { workers: 3, batch: 4, pollSeconds: 0.5 },
  /**
   * Payments that waited and can be placed now: work in the database, which must not wait for
   * Stripe.
   */
  payments: { workers: 2, batch: 4, pollSeconds: 0.5 },
  /**
   * All other e-mail. No more at once than its connections to the mail server can bear, see
   * SmtpMailer.
   */
  email: { workers: 2, batch: 4, pollSeconds: 1 },
  /** Whatever may have to ask Stripe. */
  stripe: { workers: 2, batch: 4, pollSeconds: 1 },
  /** Stores events for other products. What is sent to them is no job: DeliveryWorker. */
  webhooks: { workers: 1, batch: 4, pollSeconds: 1 },
  /** Bulk work without a waiting user. */
  bulk: { workers: 1, batch: 2, pollSeconds: 2 },
} as const satisfies Record<string, LaneCapacity>;

/** The name of a lane, and of its queue. */
export type Lane = keyof typeof lanes;
/** All lanes. */
export const laneNames = Object.keys(lanes) as Lane[];

/** The queue of scheduled tasks. */
export const taskQueue = 'tasks';
