/** How long clients may take. */
export interface ClientTimeouts {
  /** Between two bytes of a request or an answer, and for the whole head of a request. */
  stallMs: number;
  /** For a whole request that never stalls. */
  requestMs: number;
  /** Between two requests on one connection: more than the minute that balancers keep theirs. */
  idleMs: number;
}

/** The limits that hold outside of tests. */
export const clientTimeouts: ClientTimeouts = { stallMs: 30_000, requestMs: 120_000, idleMs: 72_000 };

/**
 * What Node and Fastify enforce themselves: heads, whole requests, and connections without a
 * request.
 */
export function serverTimeouts({ stallMs, requestMs, idleMs }: ClientTimeouts): object {
  return {
    connectionTimeout: stallMs, // what happens then: closeStalled
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    http: { headersTimeout: stallMs, connectionsCheckingInterval: Math.min(5_000, stallMs) },
  };
}
