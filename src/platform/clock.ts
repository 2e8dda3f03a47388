/**
 * Where every moment in Twofold comes from. Nothing else reads the system's time, so a test (or a
 * whole deployment) can be moved through time by binding another Clock.
 */
export abstract class Clock {
  /** The present moment. A new object on every call. */
  abstract now(): Date;
}

/** The machine's own clock, or one that is wrong by `offsetMs`, as machines' clocks may be. */
export class SystemClock extends Clock {
  constructor(private readonly offsetMs = 0) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }
}

/** A clock that only moves when it is set; for tests. */
export class ManualClock extends Clock {
  constructor(private current: Date) {
    super();
  }

  now(): Date {
    return new Date(this.current);
  }

  /** Moves the clock to `moment`. */
  set(moment: Date): void {
    this.current = moment;
  }

  /** Moves the clock by `ms` milliseconds, backwards when negative. */
  advance(ms: number): void {
    this.current = new Date(this.current.getTime() + ms);
  }
}
