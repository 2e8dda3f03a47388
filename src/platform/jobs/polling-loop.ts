import { setTimeout as pause } from 'node:timers/promises';

/** What a {@link PollingLoop} does. */
export interface PollingStep {
  /** Does a part of what is due. False: nothing more is due at present. */
  run(): Promise<boolean>;
  /** Called with what {@link run} has thrown. It is called again after a second. */
  onError(error: unknown): void;
  /** How long to wait for work of other processes, in milliseconds. */
  pollMs: number;
}

/** How long to wait after a failure, in milliseconds: the database is away. */
const retryMs = 1_000;

/** Does what is due, in the background, until it is stopped. */
export class PollingLoop {
  private readonly stopping = new AbortController();
  private waiting = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly step: PollingStep) {}

  start(): void {
    this.running = this.repeat();
  }

  /** There is work: a loop that waits goes on at once. */
  wake(): void {
    this.waiting.abort();
  }

  /** Ends after the step that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async repeat(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.waiting = new AbortController();
      try {
        if (!(await this.step.run())) await pauseUnless(this.waiting.signal, this.step.pollMs);
      } catch (error) {
        this.step.onError(error);
        await pauseUnless(this.stopping.signal, retryMs);
      }
    }
  }
}

/** Waits for so long, or until `signal` is aborted. */
function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  return pause(ms, undefined, { signal }).catch(() => undefined);
}
