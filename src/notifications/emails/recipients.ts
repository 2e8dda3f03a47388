import type { Tx } from '../../platform/database/tx.js';

/** A person who gets an e-mail, as they are now. */
export interface Recipient {
  id: string;
  email: string;
  displayName: string | null;
  locale: string;
  timeZone: string;
}

/** What notifications needs to know of people. Implemented by auth, bound in app.module.ts. */
export abstract class Recipients {
  /** The present account of a user, also after a merge; null when it is unknown or erased. */
  abstract find(userId: string): Promise<Recipient | null>;
  /** The e-mail address of this very account, also when it was merged; null when it is erased. */
  abstract findAccountEmail(userId: string): Promise<string | null>;
  /** The user agent of a session; null once the session has ended. */
  abstract findUserAgent(sessionId: string): Promise<string | null>;
  /** Locks the user against erasure until the transaction ends; false when they are unknown or erased. */
  abstract lockActive(tx: Tx, userId: string): Promise<boolean>;
}
