import type { Tx } from './tx.js';

const waiting = new WeakMap<Tx, (() => void)[]>();

/**
 * Runs `action` in this process once the transaction has committed, never when it rolled back. It is lost
 * if the process dies in between: only for log lines and counters, everything else goes to the outbox.
 */
export function onCommit(tx: Tx, action: () => void): void {
  const actions = waiting.get(tx) ?? [];
  actions.push(action);
  waiting.set(tx, actions);
}

/** What was put off until the commit of `tx`. */
export function actionsOf(tx: Tx): (() => void)[] {
  return waiting.get(tx) ?? [];
}

const lastWork = new WeakMap<Tx, (() => void)[]>();

/** Runs `action`, which sends what has gathered, as the last work of the transaction; never when the work failed. */
export function beforeCommit(tx: Tx, action: () => void): void {
  const actions = lastWork.get(tx) ?? [];
  actions.push(action);
  lastWork.set(tx, actions);
}

/** What was put off until just before the commit of `tx`. */
export function lastWorkOf(tx: Tx): (() => void)[] {
  return lastWork.get(tx) ?? [];
}
