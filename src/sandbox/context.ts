import type { SandboxDatabase } from './store/store.js';

/** What every part of a running sandbox shares. */
export interface SandboxContext {
  database: SandboxDatabase;
  webhookUrl: string;
  webhookSecret: string;
  appName: string;
  log: (line: string) => void;
  /** Where its pages are, without a slash at the end; known once it listens. */
  origin: () => string;
  /** Says that events were committed and wait to be sent. */
  wakeDeliverer: () => void;
}
