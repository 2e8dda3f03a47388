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

/** The feed of what happened. */
export class Events {
  constructor(private readonly http: Http) {}

  /**
   * Every event after `after`, oldest first and without gaps, up to the newest. Store the id of an
   * event with what you did about it. Errors: `webhooks.event_gone` if `after` is not stored any
   * more.
   */
  async *list<T extends EventType = EventType>({
    after,
    type,
    ...options
  }: ListEvents<T> = {}): AsyncGenerator<TwofoldEvent<T>, void, undefined> {
    for (let last = after, hasMore = true; hasMore;) {
      const query = {
        limit: pageSize,
        ...(last === undefined ? {} : { after: last }),
        ...(type === undefined ? {} : { type }),
      };
      const page = await this.http.call('get', '/api/v1/events', { query, options });
      // the description leaves the fields of `data` open
      yield* page.items as unknown as TwofoldEvent<T>[];
      last = page.items.at(-1)?.id ?? last;
      hasMore = page.hasMore;
    }
  }
}
