const leastPauseMs = 1_000;

/** Tells on standard error how far something is, at most once a second. `words` are built only when they are shown. */
export function progress(): (words: () => string) => void {
  let toldAt = performance.now();
  return (words) => {
    if (performance.now() - toldAt < leastPauseMs) return;
    toldAt = performance.now();
    process.stderr.write(`${words()}\n`);
  };
}

/** A whole number with its thousands apart. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}
