import type { Get } from './application.js';
import type { Report } from './report.js';

/** Where commands hand in what they answer. */
export interface Desk {
  env: NodeJS.ProcessEnv;
  /** Prints what a command answered and notes the exit code. */
  answer(report: Report | null, options: { json?: true }): void;
  /** As `answer`, for work that needs the application. */
  answerFrom(options: { json?: true }, work: (get: Get) => Promise<Report | null>): Promise<void>;
}
