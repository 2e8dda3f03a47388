import type { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';

/** Carries a result out of a transaction that must not be committed. */
class DryRunOver<T> extends Error {
  constructor(readonly result: T) {
    super('The dry run is over');
  }
}

/** Runs `work` in a transaction, or with `isDry` in one that is rolled back. Answers its result. */
export async function runOrTry<T>(
  database: Database,
  isDry: boolean,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  if (!isDry) return database.transaction(work);
  try {
    return await database.transaction(async (tx): Promise<never> => {
      throw new DryRunOver(await work(tx));
    });
  } catch (error) {
    if (error instanceof DryRunOver) return (error as DryRunOver<T>).result;
    throw error;
  }
}
