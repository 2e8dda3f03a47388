import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenConnections } from './client-timeouts.js';

/** For so long after the server stopped accepting an open connection may still bring a request. */
const idleGraceMs = 1_000;

/** Whether this process is shutting down: it says so for a while, and still answers, so that no request is sent to a closed server. */
@Injectable()
export class ShutdownState {
  /** Set as the server is set up. */
  connections: OpenConnections | null = null;
  private hasBegun = false;

  get isShuttingDown(): boolean {
    return this.hasBegun;
  }

  /** Says from now on that this process is about to stop, and waits `delayMs` for balancers to have heard it. */
  async begin(delayMs: number): Promise<void> {
    this.hasBegun = true;
    await pause(delayMs);
  }

  /**
   * Accepts nothing new, and finishes what has come in, for at most `ms`: then a client that is still there, with a body that does
   * not come or an unread answer, is disconnected. A connection that is open may bring its request for a moment.
   */
  async drain(app: NestFastifyApplication, ms: number): Promise<void> {
    const server = app.getHttpServer() as Server;
    const idleSweep = setInterval(() => this.connections?.closeIdle(), idleGraceMs);
    const deadline = setTimeout(() => server.closeAllConnections(), ms);
    await app.getHttpAdapter().getInstance().close();
    clearTimeout(deadline);
    clearInterval(idleSweep);
  }
}
