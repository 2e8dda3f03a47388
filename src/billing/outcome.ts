/** What became of a delivery, as Stripe and the inbox are told. */
export interface Outcome {
  outcome: 'applied' | 'duplicate' | 'ignored' | 'parked' | 'dead';
  detail: string;
  /** What a parked event waits for: a Stripe id. */
  waitingKey?: string;
}

/** The event did, or had already done, what it says. */
export function applied(detail: string): Outcome {
  return { outcome: 'applied', detail };
}

/** The event says nothing that we use. */
export function ignored(detail: string): Outcome {
  return { outcome: 'ignored', detail };
}

/** The event is understood, but has to wait until more is known of `waitingKey`. */
export function parked(detail: string, waitingKey: string): Outcome {
  return { outcome: 'parked', detail, waitingKey };
}

/**
 * The object is of another API version, or sparse: it is not guessed at, but asked of Stripe again in ours. One without
 * an id cannot be asked for.
 */
export function unreadable(object: unknown): Outcome {
  const id = typeof object === 'object' && object !== null && 'id' in object ? object.id : undefined;
  return typeof id === 'string' && id !== '' ? parked(unknownShape, id) : ignored(unknownShape);
}

/** The detail of an event whose object could not be read. */
export const unknownShape = 'unknown_shape';
/** Stripe says a word about the object that this version does not know. */
export const unknownStatus = 'unknown_status';
