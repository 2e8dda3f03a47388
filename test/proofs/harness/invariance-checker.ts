import { isDeepStrictEqual } from 'node:util';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import type { History } from '../histories/history.js';
import { isTimeUp, logProgress, seed } from './test-budget.js';
import type { FinalState } from './final-state.js';
import { resultOf, type Send, type HistoryRunner, type Deliver } from './history-runner.js';
import { originalOrder, type Order } from './orders.js';

/** One delivery plan of a history, with the text that reproduces it. */
export interface DeliveryPlan {
  description: string;
  deliver: Deliver;
}

const runsAtOnce = 6;
/**
 * So many runs of one history before it is the next one’s turn, so that every history gets its part
 * of the time.
 */
const runsPerTurn = { together: 50, alone: 10 };

/** Plays histories in many ways and fails at the first that does not come to the same. */
export class InvarianceChecker {
  private readonly expectedStates = new Map<string, FinalState>();
  private readonly began = performance.now();
  private runs = 0;
  private historyCount = 0;

  constructor(
    private readonly runner: HistoryRunner,
    private readonly name: string,
  ) {}

  /**
   * Plays each history in every one of its ways, until the time is over. Runs at the same time
   * unless `atOnce` is 1.
   */
  async expectSameFinalState(
    histories: readonly History[],
    waysOf: (history: History, count: number) => Iterable<DeliveryPlan> | Promise<Iterable<DeliveryPlan>>,
    atOnce = runsAtOnce,
  ): Promise<void> {
    const begun = new Map<History, Iterator<DeliveryPlan>>();
    const left = new Set(histories);
    while (left.size > 0 && !isTimeUp())
      for (const history of left) {
        if (isTimeUp()) break;
        const ways =
          begun.get(history) ?? (await waysOf(history, this.countEvents(history)))[Symbol.iterator]();
        begun.set(history, ways);
        if (await this.runNext(history, ways, atOnce)) left.delete(history);
      }
    this.historyCount = begun.size;
  }

  /** Plays a history in its next ways. True when it has no more of them. */
  private async runNext(history: History, ways: Iterator<DeliveryPlan>, atOnce: number): Promise<boolean> {
    const expected = await this.expectedStateOf(history);
    const turn = atOnce === 1 ? runsPerTurn.alone : runsPerTurn.together;
    let begun = 0;
    let isOut = false;
    const work = async () => {
      while (begun++ < turn && !isTimeUp()) {
        const way = ways.next();
        if (way.done === true) return void (isOut = true);
        const seen = await this.runner.run(history, way.value.deliver);
        this.compare(history, way.value, { expected, seen });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return isOut;
  }

  /** How many events a history has. */
  private countEvents(history: History): number {
    const payer = { customer: 'cus_count', subscription: 'sub_count', userId: 'count' };
    return history.buildEvents({ startsAt: 0, anna: 'count', bert: payer, carl: payer, session: 'cs_count' })
      .length;
  }

  /** Verifies the ledger of all histories played, and prints the numbers. */
  async finish(): Promise<void> {
    const wrong = await this.runner.world.see.discrepancies();
    if (wrong.length > 0)
      throw new Error(`The ledger has discrepancies, seed ${seed}:\n${wrong.slice(0, 20).join('\n')}`);
    const seconds = (performance.now() - this.began) / 1000;
    logProgress(
      `${this.name}: ${this.historyCount} histories, ${this.runs} runs, ${(this.runs / seconds).toFixed(0)} a second, all the same, seed ${seed}`,
    );
  }

  /** What a history comes to when it is played once, in the order in which it happened. */
  private async expectedStateOf(history: History): Promise<FinalState> {
    const known = this.expectedStates.get(history.name);
    if (known !== undefined) return known;
    const expected = await this.runner.run(
      history,
      deliverInOrder(originalOrder(this.countEvents(history))).deliver,
    );
    const ending = resultOf(expected);
    if (!isDeepStrictEqual(ending, history.expected) || expected.broken.length > 0)
      throw new Error(
        `"${history.name}" must end ${toJson(history.expected)}, and ended ${toJson(ending)} ${toJson(expected.broken)}`,
      );
    this.expectedStates.set(history.name, expected);
    return expected;
  }

  private compare(
    history: History,
    deliveryPlan: DeliveryPlan,
    { expected, seen }: { expected: FinalState; seen: FinalState },
  ): void {
    this.runs++;
    if (isDeepStrictEqual(expected, seen)) return;
    const differing = Object.keys(seen) as (keyof FinalState)[];
    const lines = differing
      .filter((part) => !isDeepStrictEqual(expected[part], seen[part]))
      .map(
        (part) => `  ${part}\n    should be ${toJson(expected[part])}\n    is        ${toJson(seen[part])}`,
      );
    throw new Error(`"${history.name}" told ${deliveryPlan.description}, seed ${seed}:\n${lines.join('\n')}`);
  }
}

/** Sends events one after the other. */
export function deliverInOrder(order: Order): DeliveryPlan {
  return {
    description: `in the order ${order.join(',')}`,
    deliver: async (events, send) => {
      for (const place of order) await sendExpecting200(send, eventAt(events, place));
    },
  };
}

/** Sends events in this order, up to `width` at the same time. */
export function deliverConcurrently(order: Order, width: number): DeliveryPlan {
  return {
    description: `${width} at once of ${order.join(',')}`,
    deliver: async (events, send) => {
      const left = [...order];
      const worker = async () => {
        for (let place = left.shift(); place !== undefined; place = left.shift())
          await sendExpecting200(send, eventAt(events, place));
      };
      await Promise.all(Array.from({ length: width }, worker));
    },
  };
}

/** Sends an event that must be answered 200. */
export async function sendExpecting200(send: Send, event: StripeEvent): Promise<void> {
  const { status, detail } = await send(event);
  if (status !== 200) throw new Error(`${event.type} was answered ${status} ${detail ?? ''}`);
}

function eventAt(events: readonly StripeEvent[], place: number): StripeEvent {
  const event = events[place];
  if (event === undefined) throw new Error(`The history has no event ${place}`);
  return event;
}

function toJson(value: unknown): string {
  return JSON.stringify(value);
}
