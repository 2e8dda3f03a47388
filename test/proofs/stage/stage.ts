import { Routes } from '../../../src/platform/outbox.js';
import type { Answered } from '../../support/when.js';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import { createWorld, type World } from '../../support/world.js';
import type { Ending, History } from '../histories/history.js';
import { Casting } from './casting.js';
import { finalStateOf, type FinalState } from './final-state.js';
import { StripeTruth } from './stripe-truth.js';

/** Tells a history: sends its events, in whatever way. */
export type Telling = (events: readonly StripeEvent[], send: Send) => Promise<void>;
export type Send = (event: StripeEvent) => Promise<Answered>;

/** One world in which histories are told thousands of times, with fresh people each time. */
export class Stage {
  private settling: Promise<unknown> = Promise.resolve();
  private settlingNext: Promise<unknown> | undefined;

  private constructor(
    readonly world: World,
    readonly truth: StripeTruth,
    private readonly casting: Casting,
    private readonly daysRoundedTo: number,
  ) {}

  /** `daysRoundedTo`: for histories that partly happen by another clock. */
  static async open(
    options: { route?: (databaseUrl: string) => Promise<string>; daysRoundedTo?: number } = {},
  ): Promise<Stage> {
    const truth = new StripeTruth();
    const stripeApiBase = await truth.open();
    const world = await createWorld({ stripeApiBase, databasePoolMax: 40 }, options.route);
    withoutLetters(world);
    return new Stage(
      world,
      truth,
      new Casting(world.sql, () => world.clock.now()),
      options.daysRoundedTo ?? 0,
    );
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.truth.close();
  }

  /** Tells a history in some way, lets all that follows from it happen, and answers what it came to. */
  async play(history: History, telling: Telling): Promise<FinalState> {
    const cast = await this.casting.castFor(history);
    const events = history.tell(cast);
    this.truth.happens(events);
    await telling(events, (event) => this.world.when.stripeSends(event));
    await this.settle();
    const now = this.world.clock.now();
    const state = await finalStateOf(this.world.sql, { cast, events, now }, this.daysRoundedTo);
    this.truth.forget(events);
    return state;
  }

  /** Lets everything happen that follows from what was sent; plays that wait for it at the same time share it. */
  settle(): Promise<unknown> {
    this.settlingNext ??= this.settling.then(() => {
      this.settlingNext = undefined;
      return (this.settling = inTime(this.world.settle()));
    });
    return this.settlingNext;
  }
}

/** Letters are proven elsewhere; here they would be a third of the work. */
export function withoutLetters(world: World): void {
  const routes = world.app.get(Routes, { strict: false });
  const { reactionsTo } = routes;
  routes.reactionsTo = (name) => reactionsTo(name).filter(({ reaction }) => !reaction.startsWith('mail'));
}

/** Reactions that bring each other about for ever never leave the queue empty. */
async function inTime(settled: Promise<unknown>): Promise<void> {
  let alarm: NodeJS.Timeout | undefined;
  const isLate = new Promise<never>((_, refuse) => {
    alarm = setTimeout(
      () => refuse(new Error('What follows did not come to an end within five minutes')),
      300_000,
    );
  });
  await Promise.race([settled, isLate]).finally(() => clearTimeout(alarm));
}

/** The part of a final state that a history says by itself. */
export function endingOf({ people, conversions }: FinalState): Ending {
  const of = (who: string) => people.find((person) => person.who === who);
  return {
    tier: of('bert')?.tier === 'paid' ? 'paid' : 'free',
    days: [of('anna')?.daysAhead ?? 0, of('bert')?.daysAhead ?? 0],
    stands: (conversions.find((made) => made.of === 'bert')?.state ?? null) as Ending['stands'],
  };
}
