const leastPauseMs = 1_000;

/** Prints on standard error how far something is, at most once a second. `words` are built only when they are shown. */
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
