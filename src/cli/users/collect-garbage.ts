import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const rowsBetween = 10_000;

/**
 * Answers what to call with the number of rows done: now and then it has V8 collect its garbage. By itself V8
 * lets a stream's garbage pile up beyond the 300 MB that a file of any length has to fit in.
 */
export function garbageCollector(): (rows: number) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let collectedAt = 0;
  return (rows) => {
    if (rows - collectedAt < rowsBetween) return;
    collectedAt = rows;
    collect();
  };
}
