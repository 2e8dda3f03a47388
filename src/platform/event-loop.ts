let pending: (() => void)[] = [];

/**
 * Runs `work` when everything that has arrived by now was checked: what all of it asks the database
 * for is then sent together. `work` must not throw.
 */
export function afterCurrentTurn(work: () => void): void {
  if (pending.push(work) === 1) setImmediate(runAll);
}

function runAll(): void {
  const all = pending;
  pending = [];
  for (const work of all) work();
}
