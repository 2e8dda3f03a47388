import pino, { type DestinationStream } from 'pino';
import { atEndOfTurn } from './end-of-turn.js';

let output: DestinationStream | undefined;

/**
 * Standard output. All lines of one turn of the event loop are written together, before the next turn begins, since a write
 * costs more than the making of a line. What was logged before an exit, also one for an error, is written.
 */
export function logOutput(): DestinationStream {
  return (output ??= perTurn());
}

function perTurn(): DestinationStream {
  const stdout = pino.destination({ dest: 1, sync: true, minLength: 8_192 });
  process.on('exit', () => stdout.flushSync());
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    stdout.flush();
  };
  return {
    write(line) {
      stdout.write(line);
      if (!isDue) atEndOfTurn(flush);
      isDue = true;
    },
  };
}
