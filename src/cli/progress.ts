import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const leastPauseMs = 1_000;

/**
 * Prints on standard error how far something is, at most once a second. `words` are built only when
 * they are shown.
 */
export function createProgress(): (words: () => string) => void {
  let printedAt = performance.now();
  return (words) => {
    if (performance.now() - printedAt < leastPauseMs) return;
    printedAt = performance.now();
    process.stderr.write(`${words()}\n`);
  };
}

/** A whole number with its thousands apart. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

/**
 * Makes this process collect its garbage early rather than grow: a long import or verification
 * makes gigabytes of it, and on a large machine V8 would let hundreds of megabytes pile up. For
 * commands that end by themselves, never for a server.
 */
export function limitHeapGrowth(): void {
  for (const flag of ['--optimize-for-size', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
}

const rowsBetweenCollections = 10_000;

/**
 * Answers what to call with the number of rows done: now and then it has V8 collect its garbage. By
 * itself V8 lets a stream's garbage pile up beyond the 300 MB that a file of any length has to fit
 * in.
 */
export function periodicGarbageCollection(): (rows: number) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let collectedAt = 0;
  return (rows) => {
    if (rows - collectedAt < rowsBetweenCollections) return;
    collectedAt = rows;
    collect();
  };
}
