import { afterCurrentTurn } from '../event-loop.js';

interface PendingItem<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** An answer that takes longer than this delays no caller: the next batch goes beside it. */
const stallAfterMs = 1_000;

/**
 * Does the same work for many at once. One batch is on its way at a time; calls that come meanwhile
 * go with the next, so that under load all of them are on disk together.
 */
export class MicroBatcher<Item, Answer> {
  private pending: PendingItem<Item, Answer>[] = [];
  private sentAt: number | null = null;

  /** `runBatch` answers for each item, in their order. */
  constructor(private readonly runBatch: (items: Item[]) => Promise<Answer[]>) {}

  /** The answer for `item`. Errors: those of the work, for all that were in one batch. */
  submit(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.pending.push({ item, resolve, reject });
      if (this.pending.length === 1) afterCurrentTurn(() => this.flush());
    });
  }

  private get isStalled(): boolean {
    return this.sentAt !== null && performance.now() - this.sentAt > stallAfterMs;
  }

  private flush(): void {
    if (this.pending.length === 0 || (this.sentAt !== null && !this.isStalled)) return;
    const batch = this.pending;
    const sentAt = performance.now();
    const stallTimer = setTimeout(() => this.flush(), stallAfterMs + 1);
    this.pending = [];
    this.sentAt = sentAt;
    this.runBatch(batch.map(({ item }) => item))
      .then(
        (answers) => batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer)),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        clearTimeout(stallTimer);
        if (this.sentAt === sentAt) this.sentAt = null;
        this.flush();
      });
  }
}
