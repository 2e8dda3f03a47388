import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { onCommit } from './database/on-commit.js';
import type { Tx } from './database/tx.js';
import { logContext, type LogContext } from './log-context.js';
import { alerts } from './metrics/registry.js';

/** Structured log events: a name and ids. Never a secret, a sign-in code, a token or a whole e-mail address. */
@Injectable()
export class Log {
  constructor(private readonly pino: PinoLogger) {}

  /** The request that is being answered, or that a reaction goes back to; undefined where there is none. */
  requestId(): string | undefined {
    const { req, requestId } = logContext.getStore() ?? {};
    return requestId ?? req?.id;
  }

  /** Does `work` so that every line logged meanwhile says what it belongs to. */
  within<T>(facts: LogContext, work: () => Promise<T>): Promise<T> {
    return logContext.run(facts, work);
  }

  /** Something happened in `tx`: told once it has committed, and not at all when it did not. */
  event(tx: Tx, name: string, facts: Record<string, unknown>): void {
    onCommit(tx, () => this.pino.info({ event: name, ...facts }, name));
  }

  /** Somebody should look at this: a log line, and a count in the metrics. */
  alert(name: string, facts: Record<string, unknown>): void {
    alerts.inc({ name });
    this.pino.error({ event: name, alert: true, ...facts }, name);
  }
}
