/** Answers what was found for each of `keys`; those that are missing in it were not found. */
export type Ask<Found> = (keys: string[]) => Promise<Map<string, Found>>;

interface Waiting<Found> {
  key: string;
  resolve: (found: Found | null) => void;
  reject: (error: unknown) => void;
}

/** An answer that takes longer than this keeps nobody waiting: the next look-up goes beside it. */
const patienceMs = 50;
const keysAtMost = 500;

/**
 * Looks the same thing up for many requests with one statement: the first asks at once, and what is asked for while its
 * answer is on its way goes together with the next. Nothing is kept: every request sees what was committed before it came.
 */
export class Gathered<Found> {
  private waiting: Waiting<Found>[] = [];
  private askedAt: number | null = null;

  constructor(private readonly ask: Ask<Found>) {}

  /** What there is for `key`, or null. Errors: those of the statement. */
  find(key: string): Promise<Found | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (this.askedAt === null || performance.now() - this.askedAt > patienceMs) this.next();
    });
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, keysAtMost);
    const askedAt = performance.now();
    this.askedAt = askedAt;
    const ended = (): void => {
      if (this.askedAt === askedAt) this.askedAt = null;
      if (this.askedAt === null) this.next();
    };
    this.ask([...new Set(batch.map(({ key }) => key))])
      .then(
        (found) => batch.forEach(({ key, resolve }) => resolve(found.get(key) ?? null)),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
      .finally(ended);
  }
}
