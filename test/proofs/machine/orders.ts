import type { StripeEvent } from '../../support/stripe-payloads.js';
import { permutationsOf, randomOf, shuffled } from './story.js';

/** How much is proved: `full` is for hours, the other for every run of the tests. */
export interface Size {
  /** Histories of at most so many events are told in every order. */
  exhaustiveUpTo: number;
  /** Longer ones in so many orders. */
  seededOrders: number;
  /** So many rounds of deliveries at once, for each number of them. */
  concurrentRounds: number;
  /** So many rounds of loss. */
  lossRounds: number;
  /** Whether every history is cut at every statement, or only those that are named. */
  everyHistoryIsCut: boolean;
}

/** The size to prove at, and the seed of what is random; both are printed by whoever uses them. */
export const size: Size =
  process.env.TWOFOLD_PROOFS === 'full'
    ? {
        exhaustiveUpTo: 7,
        seededOrders: 5_000,
        concurrentRounds: 200,
        lossRounds: 200,
        everyHistoryIsCut: true,
      }
    : { exhaustiveUpTo: 5, seededOrders: 200, concurrentRounds: 2, lossRounds: 3, everyHistoryIsCut: false };
export const seed = Number(process.env.TWOFOLD_PROOFS_SEED ?? 20_261_122);

/** Orders to tell `count` events in, as lists of their places: all of them, or as many seeded ones as the size says. */
export function* ordersOf(count: number): Generator<number[]> {
  const places = Array.from({ length: count }, (_, place) => place);
  if (count <= size.exhaustiveUpTo) return yield* permutationsOf(places);
  const random = randomOf(seed);
  for (let n = 0; n < size.seededOrders; n++) yield shuffled(places, random);
}

/** Every way to tell one of `count` events a second time, at each later place, and the whole once more. */
export function* duplicationsOf(count: number): Generator<number[]> {
  const places = Array.from({ length: count }, (_, place) => place);
  for (const twice of places)
    for (let again = twice + 1; again <= count; again++)
      yield [...places.slice(0, again), twice, ...places.slice(again)];
  yield [...places, ...places];
  yield places.flatMap((place) => [place, place]);
  yield [...places, ...[...places].reverse()];
}

/** The events at these places. */
export function at(events: StripeEvent[], places: number[]): StripeEvent[] {
  return places.map((place) => events[place] as StripeEvent);
}
