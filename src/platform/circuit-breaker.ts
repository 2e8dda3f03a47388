/**
 * `open`: nothing is asked. `half_open`: one call is on its way, to see whether the service is
 * back.
 */
export type CircuitState = 'closed' | 'open' | 'half_open';

/**
 * When a circuit opens, and for how long. Each opening that follows another without a success lasts
 * twice as long.
 */
export interface CircuitLimits {
  failuresUntilOpen: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

/** The service was not asked, because it failed too often just before. */
export class CircuitOpenError extends Error {
  override name = 'CircuitOpenError';
}

/** Says how a call ended. Only the first word counts. */
type ReportOutcome = (succeeded: boolean) => void;

/**
 * Stops calls to a service that keeps failing, so that callers do not wait in vain and it can
 * recover. After a pause one call may try; it decides whether the others may follow.
 */
export class CircuitBreaker {
  private state: CircuitState = 'closed';
  /**
   * Counts changes: the result of a call belongs to the state in which it began, and of no other.
   */
  private generation = 0;
  private failures = 0;
  private openings = 0;
  private pauseEndsAt = 0;

  constructor(
    private readonly limits: CircuitLimits,
    private readonly onChange: (state: CircuitState) => void = () => undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  /** In how many milliseconds a call may be tried; 0 for now. */
  msUntilCall(): number {
    if (this.state === 'closed') return 0;
    // the call in progress will show it
    if (this.state === 'half_open') return this.limits.firstPauseMs;
    return Math.max(0, this.pauseEndsAt - this.now());
  }

  /**
   * Asks whether one call may be made; report its outcome with the function that is answered.
   * Errors: {@link CircuitOpenError}.
   */
  acquire(): ReportOutcome {
    if (this.state === 'open' && this.now() >= this.pauseEndsAt) this.transitionTo('half_open');
    else if (this.state !== 'closed') throw new CircuitOpenError('Not called, because recent calls failed.');
    const { generation } = this;
    let isReported = false;
    return (succeeded) => {
      if (isReported || generation !== this.generation) return;
      isReported = true;
      if (succeeded) this.recordSuccess();
      else this.recordFailure();
    };
  }

  private recordSuccess(): void {
    this.failures = 0;
    this.openings = 0;
    if (this.state !== 'closed') this.transitionTo('closed');
  }

  private recordFailure(): void {
    this.failures++;
    if (this.state === 'closed' && this.failures < this.limits.failuresUntilOpen) return;
    const { firstPauseMs, longestPauseMs } = this.limits;
    this.pauseEndsAt = this.now() + Math.min(firstPauseMs * 2 ** this.openings, longestPauseMs);
    this.openings++;
    this.transitionTo('open');
  }

  private transitionTo(state: CircuitState): void {
    this.state = state;
    this.generation++;
    this.onChange(state);
  }
}

/**
 * Lets one in ten calls be repeated, and a few more after a quiet time: repeating must not multiply
 * the load of a service that fails.
 */
export class RetryBudget {
  private tokens: number;

  constructor(private readonly capacity = 10) {
    this.tokens = capacity;
  }

  recordSuccess(): void {
    this.tokens = Math.min(this.capacity, this.tokens + 0.1);
  }

  /** Whether a call may be repeated now. */
  tryConsume(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
