import { Injectable } from '@nestjs/common';

/**
 * Whether this process is on its way out. It still answers, but says that it is not ready and closes each connection behind
 * its answer, so that a balancer sends its requests elsewhere before the door is shut.
 */
@Injectable()
export class Draining {
  private hasBegun = false;

  get isUnderWay(): boolean {
    return this.hasBegun;
  }

  begin(): void {
    this.hasBegun = true;
  }
}
