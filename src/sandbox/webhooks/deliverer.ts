import type { SandboxContext } from '../context.js';
import { claimDue, nextDueMs, recordAttempt, type Claim } from './deliveries.js';
import { send } from './send.js';

const AT_ONCE = 8;
/** The longest wait between two looks into the database: another process may have written. */
const LONGEST_WAIT_MS = 30_000;

/** Sends what waits in `sandbox.delivery`, several at once and in no particular order, until each has arrived or is given up. */
export class Deliverer {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private stopped = false;
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly context: SandboxContext) {}

  /** Looks for waiting deliveries now; cheap, and may be called after every commit. */
  wake(): void {
    if (this.stopped) return;
    if (this.looking !== undefined) {
      this.lookAgain = true;
      return;
    }
    clearTimeout(this.timer);
    this.looking = this.look()
      .catch((error: unknown) => {
        this.context.log(`sandbox: cannot look for deliveries: ${String(error)}`);
        this.wakeAfter(1_000);
      })
      .finally(() => {
        this.looking = undefined;
        if (this.lookAgain) this.wake();
      });
  }

  /** Starts nothing new and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all(this.underWay);
  }

  private async look(): Promise<void> {
    this.lookAgain = false;
    const free = AT_ONCE - this.underWay.size;
    if (free === 0) return; // each one that ends looks again
    const claims = await claimDue(this.context.database, free);
    for (const claim of claims) this.start(claim);
    const due = await nextDueMs(this.context.database);
    this.wakeAfter(
      due === null ? LONGEST_WAIT_MS : Math.min(LONGEST_WAIT_MS, Math.max(20, due - Date.now())),
    );
  }

  private start(claim: Claim): void {
    const delivery: Promise<void> = this.deliver(claim)
      .catch((error: unknown) => this.context.log(`sandbox: cannot record a delivery: ${String(error)}`))
      .finally(() => {
        this.underWay.delete(delivery);
        this.wake();
      });
    this.underWay.add(delivery);
  }

  private async deliver(claim: Claim): Promise<void> {
    const attempt = await send(this.context, claim.event);
    const retryMs = await recordAttempt(this.context.database, claim, attempt);
    if (attempt.status === null || attempt.status >= 300)
      this.context.log(
        `sandbox: ${claim.event.type} ${claim.event.id} was answered ${attempt.status ?? attempt.error}; ` +
          (retryMs === null ? 'given up' : `again in ${retryMs / 1_000} s`),
      );
  }

  private wakeAfter(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms);
  }
}
