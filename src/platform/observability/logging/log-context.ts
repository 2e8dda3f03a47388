import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is logged meanwhile: the request that is answered, or the job that runs. */
export interface LogContext {
  req?: { id: string; method: string; route: string };
  jobId?: string;
  /** The request that a job goes back to. */
  requestId?: string;
}

export const logContext = new AsyncLocalStorage<LogContext>();
