import type { Tx } from '../../platform/database/tx.js';

/**
 * Finds the accounts of people by the ids that the host product gives them. Declared here,
 * implemented by auth.
 */
export abstract class HostPeople {
  /** The account that has an external id, though it may be merged by now; or null. */
  abstract findAccountId(tx: Tx, externalId: string): Promise<string | null>;
}

/**
 * What reports about a person wait for, and the lock of their external id. No id at a processor has
 * two colons in a row at this place, whatever the processor is called.
 */
export function personKey(externalId: string): string {
  return `person::${externalId}`;
}
