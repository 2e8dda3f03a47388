import { expect } from '@jest/globals';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import type { World } from '../../support/world.js';
import { endState } from './end-state.js';
import { cast, type Cast, type History } from './story.js';

/** One telling of a history: by default every event once, in order, each to its end. */
export type Telling = (world: World, events: StripeEvent[], cast: Cast) => Promise<void>;

/** Tells a history to people of its own, lets everything settle, and answers what it has come to. */
export async function told(world: World, history: History, telling: Telling = inOrder): Promise<unknown> {
  const people = await cast(world);
  const events = history(people);
  await telling(world, events, people);
  await world.settle();
  return endState(world, people, events);
}

/** Every event once, as it happened. */
export async function inOrder(world: World, events: StripeEvent[]): Promise<void> {
  for (const one of events) await deliver(world, one);
}

/** Delivers one event, which must be acknowledged. */
export async function deliver(world: World, one: StripeEvent): Promise<void> {
  const answer = await world.when.stripeSends(one);
  if (answer.status !== 200) throw new Error(`${one.type} was answered ${answer.status}`);
}

/** Tells a history in another way and compares what it comes to; `how` is what is printed when it differs. */
export async function expectSame(
  world: World,
  { history, end, how }: { history: History; end: unknown; how: string },
  telling: Telling,
): Promise<void> {
  expect({ how, end: await told(world, history, telling) }).toEqual({ how, end });
}
