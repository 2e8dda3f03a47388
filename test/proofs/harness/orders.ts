import type { SeededRandom } from './seeded-random.js';

/** Which event is sent when, by their places in the history. An event may be sent several times. */
export type Order = readonly number[];

/** Every order of `count` events, the true one first. */
export function* permutations(count: number, begun: Order = []): Generator<Order> {
  if (begun.length === count) yield begun;
  for (let next = 0; next < count; next++)
    if (!begun.includes(next)) yield* permutations(count, [...begun, next]);
}

/** As many orders of `count` events as asked for, by chance. */
export function* shuffles(count: number, howMany: number, seededRandom: SeededRandom): Generator<Order> {
  for (let n = 0; n < howMany; n++) yield seededRandom.shuffle(originalOrder(count));
}

/**
 * Each event a second time, at every place after its first; then all of them twice, one by one and
 * in a row.
 */
export function* duplications(count: number): Generator<Order> {
  const told = originalOrder(count);
  for (const event of told)
    for (let place = event + 1; place <= count; place++)
      yield [...told.slice(0, place), event, ...told.slice(place)];
  yield told.flatMap((event) => [event, event]);
  yield [...told, ...told];
}

/** The true order. */
export function originalOrder(count: number): Order {
  return Array.from({ length: count }, (_, n) => n);
}
