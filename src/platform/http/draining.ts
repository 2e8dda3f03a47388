import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether this process was told to stop: it says so for a while, and still answers, so that nobody is sent to a closed door. */
@Injectable()
export class Draining {
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  /** Says from now on that this process is about to stop, and waits `delayMs` for balancers to have heard it. */
  async begin(delayMs: number): Promise<void> {
    this.begun = true;
    await pause(delayMs);
  }
}
