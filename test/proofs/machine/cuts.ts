import pg from 'pg';

/** Where a connection breaks: before the statement is sent, or once the server has done it and before its answer is known. */
export type Cut = { statement: number; when: 'before' | 'after' };

interface Breakable {
  connection: { stream: { destroy(): void } };
}

type Query = (this: pg.Client, ...words: unknown[]) => unknown;

/**
 * Breaks the connection of this process to PostgreSQL at one statement of what `work` does, counted from 0, and answers
 * how many statements there were. Statements with a callback (the pool's own) are not counted.
 */
export async function breakingAt(cut: Cut | null, work: () => Promise<void>): Promise<number> {
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const whole = prototype.query;
  let count = 0;
  prototype.query = function (...words) {
    if (typeof words.at(-1) === 'function') return whole.apply(this, words);
    const isCut = cut !== null && count++ === cut.statement;
    if (cut === null) count++;
    if (!isCut) return whole.apply(this, words);
    const stream = (this as unknown as Breakable).connection.stream;
    if (cut.when === 'before') {
      stream.destroy();
      return whole.apply(this, words);
    }
    return (whole.apply(this, words) as Promise<unknown>).then(() => {
      stream.destroy();
      throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    });
  };
  try {
    await work();
  } finally {
    prototype.query = whole;
  }
  return count;
}
