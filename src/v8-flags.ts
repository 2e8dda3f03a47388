import { setFlagsFromString } from 'node:v8';

/*
 * A process shall stay small for months. By itself V8 lets the heap grow to four times of what is
 * in use before it cleans up; and threads that clean a nursery of few megabytes wait longer for
 * each other than one takes for all of it. Measured in docs/performance.md; the size of the nursery
 * can only be given when the process starts (--max-semi-space-size). A version of V8 that knows a
 * flag no more ignores it.
 */
setFlagsFromString('--heap-growing-percent=40');
setFlagsFromString('--no-parallel-scavenge');
