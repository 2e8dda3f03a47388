import type { Tx } from './tx.js';

const sent = new WeakMap<Tx, Promise<unknown>[]>();

/**
 * Sends a write whose answer nobody needs, without waiting for it: it travels with what follows. The transaction waits
 * for it before it commits, and fails as it failed. Statements are done in the order in which they were sent.
 */
export function send(tx: Tx, sql: string, parameters: unknown[]): void {
  const answer = tx.query(sql, parameters);
  answer.catch(() => undefined); // told by whoever waits for all of them
  const others = sent.get(tx);
  if (others === undefined) sent.set(tx, [answer]);
  else others.push(answer);
}

/** Waits for all that was sent in `tx`. Errors: the first of theirs, which explains why what came later was refused. */
export async function allSent(tx: Tx): Promise<void> {
  await Promise.all(sent.get(tx) ?? []);
}
