import { EventRouting } from '../../../src/platform/jobs/outbox.js';
import type { DeliveryResult } from '../../support/when.js';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import { createWorld, type World } from '../../support/world.js';
import type { ExpectedResult, History } from '../histories/history.js';
import { FixtureFactory } from './fixture-factory.js';
import { finalStateOf, type FinalState } from './final-state.js';
import { StripeState } from './stripe-state.js';

/** Plays a history: sends its events, in whatever way. */
export type Deliver = (events: readonly StripeEvent[], send: Send) => Promise<void>;
export type Send = (event: StripeEvent) => Promise<DeliveryResult>;

/** One world in which histories are played thousands of times, with fresh people each time. */
export class HistoryRunner {
  private currentWait: Promise<unknown> = Promise.resolve();
  private nextWait: Promise<unknown> | undefined;
  private readonly enableEmails: () => void;

  private constructor(
    readonly world: World,
    readonly stripeState: StripeState,
    private readonly fixtures: FixtureFactory,
    private readonly daysRoundedTo: number,
  ) {
    this.enableEmails = disableEmails(world);
  }

  /** `daysRoundedTo`: for histories that partly happen by another clock. */
  static async open(
    options: { route?: (databaseUrl: string) => Promise<string>; daysRoundedTo?: number } = {},
  ): Promise<HistoryRunner> {
    const truth = new StripeState();
    const stripeApiBase = await truth.open();
    const world = await createWorld({ stripeApiBase, databasePoolMax: 40 }, options.route);
    return new HistoryRunner(
      world,
      truth,
      new FixtureFactory(world.sql, () => world.clock.now()),
      options.daysRoundedTo ?? 0,
    );
  }

  async close(): Promise<void> {
    this.enableEmails();
    await this.world.close();
    await this.stripeState.close();
  }

  /**
   * Plays a history in some way, lets all that follows from it happen, and answers what it came to.
   */
  async run(history: History, telling: Deliver): Promise<FinalState> {
    const cast = await this.fixtures.createFor(history);
    const events = history.buildEvents(cast);
    this.stripeState.add(events);
    await telling(events, (event) => this.world.when.stripeSends(event));
    await this.waitForFollowUps();
    const now = this.world.clock.now();
    const state = await finalStateOf(this.world.sql, { fixture: cast, events, now }, this.daysRoundedTo);
    this.stripeState.remove(events);
    return state;
  }

  /**
   * Lets everything happen that follows from what was sent; plays that wait for it at the same time
   * share it.
   */
  waitForFollowUps(): Promise<unknown> {
    this.nextWait ??= this.currentWait.then(() => {
      this.nextWait = undefined;
      return (this.currentWait = withDeadline(this.world.runHandlers()));
    });
    return this.nextWait;
  }
}

/**
 * Emails are tested elsewhere; here they would be a third of the work. Answers what enables them
 * again: all applications of a process share one routing.
 */
export function disableEmails(world: World): () => void {
  const routes = world.app.get(EventRouting, { strict: false });
  const { handlersFor } = routes;
  routes.handlersFor = (name) => handlersFor(name).filter(({ handler }) => !handler.startsWith('email'));
  return () => void (routes.handlersFor = handlersFor);
}

/** Reactions that bring each other about for ever never leave the queue empty. */
async function withDeadline(settled: Promise<unknown>): Promise<void> {
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
export function resultOf({ people, conversions }: FinalState): ExpectedResult {
  const of = (who: string) => people.find((person) => person.who === who);
  return {
    tier: of('bert')?.tier === 'paid' ? 'paid' : 'free',
    days: [of('anna')?.daysAhead ?? 0, of('bert')?.daysAhead ?? 0],
    rewardStatus: (conversions.find((made) => made.of === 'bert')?.state ??
      null) as ExpectedResult['rewardStatus'],
  };
}
