import { fallbackLocale, getTranslator } from '../platform/i18n/translations.js';
import { formatWait } from '../platform/ui/format.js';
import { stat } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const leastPauseMs = 1_000;
const clearLine = '\r\x1b[2K';

/** Where progress goes: a terminal shows it, anything else does not. */
export interface ProgressOptions {
  quiet?: boolean;
  terminal?: { isTTY?: boolean; write(text: string): unknown };
  /** Milliseconds that never run backwards. */
  now?: () => number;
}

/** One line of a terminal that says how far something is. */
export interface Progress {
  /** Shows it, at most once a second; `words` are built only then. */
  show(words: () => string): void;
  /** Takes the line away: before other text, and at the end. */
  end(): void;
}

/** Progress on standard error, from the first second on. Silent where that is no terminal. */
export function createProgress({
  quiet = false,
  terminal = process.stderr,
  now = () => performance.now(),
}: ProgressOptions = {}): Progress {
  let shownAt = now();
  let isShown = false;
  const isSilent = quiet || terminal.isTTY !== true;
  return {
    show: (words) => {
      if (isSilent || now() - shownAt < leastPauseMs) return;
      shownAt = now();
      isShown = true;
      terminal.write(`${clearLine}${words()}`);
    },
    end: () => {
      if (isShown) terminal.write(clearLine);
      isShown = false;
    },
  };
}

/** How far the rows of a step are. `done` is the part of the whole work, 0 to 1. */
export interface RowProgress {
  show(step: string, rows: number, done: number): void;
  end(): void;
}

/** {@link createProgress} for rows: how many, how many a second in this step, and the time left. */
export function createRowProgress(options: ProgressOptions = {}): RowProgress {
  const { now = () => performance.now() } = options;
  const progress = createProgress(options);
  const startedAt = now();
  let current = { step: '', startedAt };
  return {
    show: (step, rows, done) => {
      if (step !== current.step) current = { step, startedAt: current.step === '' ? startedAt : now() };
      progress.show(() => {
        const perSecond = Math.round((1_000 * rows) / Math.max(1, now() - current.startedAt));
        const words = [step, `${formatCount(rows)} rows`, `${formatCount(perSecond)} a second`];
        return [...words, ...timeLeft(now() - startedAt, done)].join(' · ');
      });
    },
    end: () => progress.end(),
  };
}

function timeLeft(elapsedMs: number, done: number): string[] {
  if (done <= 0) return [];
  const seconds = Math.ceil((elapsedMs * (1 - Math.min(done, 1))) / done / 1_000);
  return [`${formatWait(getTranslator(fallbackLocale), seconds)} left`];
}

/** The size of a file in bytes; 1 where it is unknown, so that nothing is divided by zero. */
export async function fileSize(path: string): Promise<number> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return Math.max(1, size);
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
