import { isDeepStrictEqual } from 'node:util';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import type { History } from '../histories/history.js';
import { isOver, say, seed } from './effort.js';
import type { FinalState } from './final-state.js';
import { endingOf, type Send, type Stage, type Telling } from './stage.js';
import { inOrder, type Order } from './orders.js';

/** One way of telling a history, with the words that let it be told again. */
export interface Way {
  words: string;
  telling: Telling;
}

const runsAtOnce = 6;
/** So many runs of one history before it is the next one’s turn, so that every history gets its part of the time. */
const runsInARow = { together: 50, alone: 10 };

/** Tells histories in many ways and fails at the first that does not come to the same. */
export class Judge {
  private readonly truths = new Map<string, FinalState>();
  private readonly began = performance.now();
  private runs = 0;
  private stories = 0;

  constructor(
    private readonly stage: Stage,
    private readonly name: string,
  ) {}

  /** Tells each history in every one of its ways, until the time is over. Runs at the same time unless `atOnce` is 1. */
  async sameEnd(
    histories: readonly History[],
    waysOf: (history: History, count: number) => Iterable<Way> | Promise<Iterable<Way>>,
    atOnce = runsAtOnce,
  ): Promise<void> {
    const begun = new Map<History, Iterator<Way>>();
    const left = new Set(histories);
    while (left.size > 0 && !isOver())
      for (const history of left) {
        if (isOver()) break;
        const ways = begun.get(history) ?? (await waysOf(history, this.countOf(history)))[Symbol.iterator]();
        begun.set(history, ways);
        if (await this.runOut(history, ways, atOnce)) left.delete(history);
      }
    this.stories = begun.size;
  }

  /** Tells a history in its next ways. True when it has no more of them. */
  private async runOut(history: History, ways: Iterator<Way>, atOnce: number): Promise<boolean> {
    const expected = await this.expectedOf(history);
    const turn = atOnce === 1 ? runsInARow.alone : runsInARow.together;
    let begun = 0;
    let isOut = false;
    const work = async () => {
      while (begun++ < turn && !isOver()) {
        const way = ways.next();
        if (way.done === true) return void (isOut = true);
        const seen = await this.stage.play(history, way.value.telling);
        this.compare(history, way.value, { expected, seen });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return isOut;
  }

  /** How many events a history has. */
  private countOf(history: History): number {
    const payer = { customer: 'cus_count', subscription: 'sub_count', userId: 'count' };
    return history.tell({ begins: 0, anna: 'count', bert: payer, carl: payer, session: 'cs_count' }).length;
  }

  /** Looks into the books of all that was played, and says the figures. */
  async finish(): Promise<void> {
    const wrong = await this.stage.world.see.discrepancies();
    if (wrong.length > 0)
      throw new Error(`The books do not fit, seed ${seed}:\n${wrong.slice(0, 20).join('\n')}`);
    const seconds = (performance.now() - this.began) / 1000;
    say(
      `${this.name}: ${this.stories} histories, ${this.runs} runs, ${(this.runs / seconds).toFixed(0)} a second, all the same, seed ${seed}`,
    );
  }

  /** What a history comes to when it is told once, in the order in which it happened. */
  private async expectedOf(history: History): Promise<FinalState> {
    const known = this.truths.get(history.name);
    if (known !== undefined) return known;
    const expected = await this.stage.play(history, tellInOrder(inOrder(this.countOf(history))).telling);
    const ending = endingOf(expected);
    if (!isDeepStrictEqual(ending, history.ends) || expected.broken.length > 0)
      throw new Error(
        `"${history.name}" must end ${show(history.ends)}, and ended ${show(ending)} ${show(expected.broken)}`,
      );
    this.truths.set(history.name, expected);
    return expected;
  }

  private compare(
    history: History,
    way: Way,
    { expected, seen }: { expected: FinalState; seen: FinalState },
  ): void {
    this.runs++;
    if (isDeepStrictEqual(expected, seen)) return;
    const differing = Object.keys(seen) as (keyof FinalState)[];
    const lines = differing
      .filter((part) => !isDeepStrictEqual(expected[part], seen[part]))
      .map((part) => `  ${part}\n    should be ${show(expected[part])}\n    is        ${show(seen[part])}`);
    throw new Error(`"${history.name}" told ${way.words}, seed ${seed}:\n${lines.join('\n')}`);
  }
}

/** Tells events one after the other. */
export function tellInOrder(order: Order): Way {
  return {
    words: `in the order ${order.join(',')}`,
    telling: async (events, send) => {
      for (const place of order) await acknowledged(send, at(events, place));
    },
  };
}

/** Tells events in this order, up to `width` at the same time. */
export function tellAtOnce(order: Order, width: number): Way {
  return {
    words: `${width} at once of ${order.join(',')}`,
    telling: async (events, send) => {
      const left = [...order];
      const teller = async () => {
        for (let place = left.shift(); place !== undefined; place = left.shift())
          await acknowledged(send, at(events, place));
      };
      await Promise.all(Array.from({ length: width }, teller));
    },
  };
}

/** Sends an event that must be answered 200. */
export async function acknowledged(send: Send, event: StripeEvent): Promise<void> {
  const { status, detail } = await send(event);
  if (status !== 200) throw new Error(`${event.type} was answered ${status} ${detail ?? ''}`);
}

function at(events: readonly StripeEvent[], place: number): StripeEvent {
  const event = events[place];
  if (event === undefined) throw new Error(`The history has no event ${place}`);
  return event;
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
