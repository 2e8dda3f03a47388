import type { EventType, TwofoldEvent } from './event-types.js';
import type { CallOptions, Http } from './http.js';
import { pageSize } from './pages.js';

/** Which events to read. */
export interface ListEvents<T extends EventType = EventType> extends CallOptions {
  /** The id of the last event that you have handled; without it, from the oldest that is stored. */
  after?: string | undefined;
  /** Only this type. */
  type?: T | undefined;
}

/** Some events of the feed, and where to go on. */
export interface EventPage<T extends EventType = EventType> {
  items: TwofoldEvent<T>[];
  /**
   * Where the next read begins: store it with what you did, and send it as `after`. With `type` it
   * also passes the events of other types. Null before the first event ever.
   */
  lastId: string | null;
}

/** The feed of what happened. */
export class Events {
  constructor(private readonly http: Http) {}

  /**
   * Every event after `after`, oldest first and without gaps, up to the newest. Store the id of an
   * event with what you did about it; with `type`, read {@link pages}. Errors:
   * `webhooks.event_gone` if `after` is not stored any more.
   */
  async *list<T extends EventType = EventType>(
    options: ListEvents<T> = {},
  ): AsyncGenerator<TwofoldEvent<T>, void, undefined> {
    for await (const { items } of this.pages(options)) yield* items;
  }

  /**
   * The same in pages, each with the place after it. A page may have no items: its place is worth
   * storing, so that a reader of a rare type does not begin at an event that is deleted by then.
   * Errors: as {@link list}.
   */
  async *pages<T extends EventType = EventType>({
    after,
    type,
    ...options
  }: ListEvents<T> = {}): AsyncGenerator<EventPage<T>, void, undefined> {
    for (let last = after ?? null, hasMore = true; hasMore;) {
      const query = {
        limit: pageSize,
        ...(last === null ? {} : { after: last }),
        ...(type === undefined ? {} : { type }),
      };
      const page = await this.http.call('get', '/api/v1/events', { query, options });
      // the description leaves the fields of `data` open
      const items = page.items as unknown as TwofoldEvent<T>[];
      last = page.lastId;
      ({ hasMore } = page);
      yield { items, lastId: last };
    }
  }
}
