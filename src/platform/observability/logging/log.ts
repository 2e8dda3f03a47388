import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { onCommit, type Tx } from '../../database/tx.js';
import { alertCounter } from '../metrics/process-metrics.js';

/** What is added to every log line: the request that is answered, or the job that runs. */
export interface LogContext {
  req?: { id: string; method: string; route: string };
  jobId?: string;
  /** The request that caused a job. */
  requestId?: string;
}

export const logContext = new AsyncLocalStorage<LogContext>();

/**
 * Structured log events: a name and ids. Never a secret, a sign-in code, a token or a whole e-mail
 * address.
 */
@Injectable()
export class Log {
  constructor(private readonly logger: PinoLogger) {}

  /**
   * The id of the request that is being answered, or that caused the event; undefined where there
   * is none.
   */
  requestId(): string | undefined {
    const { req, requestId } = logContext.getStore() ?? {};
    return requestId ?? req?.id;
  }

  /** Does `work` so that every line logged meanwhile says what it belongs to. */
  withContext<T>(context: LogContext, work: () => Promise<T>): Promise<T> {
    return logContext.run(context, work);
  }

  /** Something happened in `tx`: reported once it has committed, and not at all when it did not. */
  infoAfterCommit(tx: Tx, name: string, details: Record<string, unknown>): void {
    onCommit(tx, () => this.logger.info({ event: name, ...details }, name));
  }

  /** A person should check this: a log line, and a count in the metrics. */
  alert(name: string, details: Record<string, unknown>): void {
    alertCounter.inc({ name });
    this.logger.error({ event: name, alert: true, ...details }, name);
  }
}
