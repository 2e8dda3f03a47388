import { seededRandom, type SeededRandom } from './seeded-random.js';

/**
 * Whether everything is done at full size, as `npm run proofs` asks for; otherwise what fits into
 * the tests of every change.
 */
export const isFullSize = process.env.TWOFOLD_PROOFS === 'full';
/** What all chance comes from. The same seed gives the same histories again. */
export const seed = Number(process.env.TWOFOLD_PROOFS_SEED ?? 1);
/** The one order in which to send the events, to see a difference again; null: all there are. */
export const onlyOrder = process.env.TWOFOLD_PROOFS_ORDER?.split(',').map(Number) ?? null;

const until = Number(process.env.TWOFOLD_PROOFS_UNTIL ?? Infinity); // epoch milliseconds
const only = process.env.TWOFOLD_PROOFS_ONLY ?? '';

/** What is done on every change, and what at full size. */
export function bySize<Size>(everyChange: Size, full: Size): Size {
  return isFullSize ? full : everyChange;
}

/** Whether the time given is over. */
export function isTimeUp(): boolean {
  return Date.now() >= until;
}

/** Those of `things` that were asked for by name: all, unless some were. */
export function selected<Thing extends { name: string }>(things: readonly Thing[]): Thing[] {
  return things.filter(({ name }) => name.includes(only));
}

/** Dice for one use, which no other use disturbs. */
export function randomFor(use: string): SeededRandom {
  return seededRandom([...use].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed));
}

/** Says how far a proof has come, past the test runner, which would keep it until the end. */
export function logProgress(line: string): void {
  process.stderr.write(`proofs: ${line}\n`);
}

/** Time for a test that runs for as long as it was given; in milliseconds. */
export const timeoutMs = isFullSize
  ? Math.min(Math.max(0, until - Date.now()) + 600_000, 2 ** 31 - 1)
  : 1_800_000;
