/** How long clients may take. */
export interface ClientLimits {
  /** Between two bytes of a request or an answer, and for the whole head of a request. */
  stallMs: number;
  /** For a whole request that never stalls. */
  requestMs: number;
  /** Between two requests on one connection: more than the minute that balancers keep theirs. */
  idleMs: number;
}

/** The limits that hold outside of tests. */
export const clientLimits: ClientLimits = { stallMs: 30_000, requestMs: 120_000, idleMs: 72_000 };
