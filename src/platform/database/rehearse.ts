import type { Database } from './database.js';
import type { Tx } from './tx.js';

/**
 * What `work` would answer: it is done in a transaction, by the code that does it for good, and
 * undone. Errors: those of `work`.
 */
export async function rehearse<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const undo = new Rehearsed<T>();
  try {
    await database.transaction(async (tx) => {
      undo.result = { answer: await work(tx) };
      throw undo;
    });
  } catch (error) {
    if (error !== undo || undo.result === null) throw error;
  }
  if (undo.result === null) throw new Error('A rehearsal ends with its answer or an error');
  return undo.result.answer;
}

class Rehearsed<T> extends Error {
  result: { answer: T } | null = null;
}
