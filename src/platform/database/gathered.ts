import { atEndOfTurn } from '../end-of-turn.js';

/** Answers what was found for each of `keys`; those that are missing in it were not found. */
export type Ask<Found> = (keys: string[]) => Promise<Map<string, Found>>;

interface Waiting<Found> {
  key: string;
  resolve: (found: Found | null) => void;
  reject: (error: unknown) => void;
}

/**
 * Looks the same thing up with one statement for all requests of one turn of the event loop. Nothing is kept: every request
 * sees what was committed before it came.
 */
export class Gathered<Found> {
  private waiting: Waiting<Found>[] = [];

  constructor(private readonly ask: Ask<Found>) {}

  /** What there is for `key`, or null. Errors: those of the statement. */
  find(key: string): Promise<Found | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ key, resolve, reject }) === 1) atEndOfTurn(() => this.askForAll());
    });
  }

  private askForAll(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.ask([...new Set(batch.map(({ key }) => key))]).then(
      (found) => batch.forEach(({ key, resolve }) => resolve(found.get(key) ?? null)),
      (error: unknown) => batch.forEach(({ reject }) => reject(error)),
    );
  }
}
