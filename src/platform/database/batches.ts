import { atEndOfTurn } from '../end-of-turn.js';

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** An answer that takes longer than this keeps nobody waiting: the next batch goes beside it. */
const patienceMs = 1_000;

/**
 * Does the same work for many at once. One batch is on its way at a time; whoever comes meanwhile goes with the next, so that
 * under load all of them are on disk together.
 */
export class Batches<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private sentAt: number | null = null;

  /** `work` answers for each item, in their order. */
  constructor(private readonly work: (items: Item[]) => Promise<Answer[]>) {}

  /** The answer for `item`. Errors: those of the work, for all that were in one batch. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length === 1) atEndOfTurn(() => this.send());
    });
  }

  private get isLate(): boolean {
    return this.sentAt !== null && performance.now() - this.sentAt > patienceMs;
  }

  private send(): void {
    if (this.waiting.length === 0 || (this.sentAt !== null && !this.isLate)) return;
    const batch = this.waiting;
    const sentAt = performance.now();
    const soon = setTimeout(() => this.send(), patienceMs + 1);
    this.waiting = [];
    this.sentAt = sentAt;
    this.work(batch.map(({ item }) => item))
      .then(
        (answers) => batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer)),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        clearTimeout(soon);
        if (this.sentAt === sentAt) this.sentAt = null;
        this.send();
      });
  }
}
