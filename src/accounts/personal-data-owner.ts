import type { Tx } from '../platform/database/tx.js';

/** What floors above keep for people: this asks for it, to show or to take away. Bound by the application. */
export abstract class PersonalDataOwner {
  /** What is kept for an account, by the name it has in an export. */
  abstract exportData(userId: string): Promise<Record<string, unknown>>;
  /** Takes all of it away. */
  abstract eraseData(tx: Tx, userId: string): Promise<void>;
}
