import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { afterCurrentTurn } from '../../event-loop.js';

let output: DestinationStream | undefined;

/**
 * Standard output. All lines of one turn of the event loop are written together, before the next turn begins, since a write
 * costs more than the making of a line. What was logged before an exit, also one for an error, is written.
 */
export function logOutput(): DestinationStream {
  return (output ??= bufferedOutput(1));
}

/** What cannot be written, to a full disk or to a closed pipe, is lost: no payment fails for want of a line. */
export function bufferedOutput(file: number): DestinationStream {
  let lines = '';
  const write = (): void => {
    const bytes = Buffer.from(lines);
    lines = '';
    writeAll(file, bytes);
  };
  process.on('exit', write);
  return {
    write(line) {
      if (lines === '') afterCurrentTurn(write);
      lines += line;
    },
  };
}

/** A pipe that is full is waited for, a little: its reader may be slow, and must not stop us for ever. */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  for (let pauses = 0; written < bytes.length && pauses < 100;) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleepCell, 0, 0, 10);
      pauses++;
    }
  }
}

const sleepCell = new Int32Array(new SharedArrayBuffer(4));
