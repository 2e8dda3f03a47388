/** Throws of a seeded die: the same seed throws the same again. */
export interface SeededRandom {
  /** A whole number in [0, below). */
  integerBelow(below: number): number;
  /** The same things in another order. */
  shuffle<Thing>(things: readonly Thing[]): Thing[];
}

/** Dice for a seed (mulberry32). */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const shuffled = <Thing>(things: readonly Thing[]) => {
    const left = [...things];
    return things.map(() => left.splice(below(left.length), 1)[0] as Thing);
  };
  return { integerBelow: below, shuffle: shuffled };
}
