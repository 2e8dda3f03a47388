import type { CallOptions, Http, OnceOptions } from './http.js';
import { pagesOf } from './pages.js';
import type {
  BatchOutcome,
  BatchPerson,
  CreditEntry,
  CreditStatement,
  GiveCredit,
  Invite,
  PeopleAccess,
  Person,
  PersonAccess,
  PersonToken,
  PutPerson,
  ReferralOverview,
  SavedPerson,
} from './types.js';

/** A person's access, and what to send as `etag` to ask whether it has changed. */
export type AccessWithEtag = PersonAccess & { etag: string };

/** How many people one request takes, and how many bytes. */
const batchItems = 1_000;
const batchBytes = 1_000_000;
/** How many people the access of one request may be about. */
const accessItems = 100;

/** The people of your product, by your own ids. */
export class People {
  constructor(private readonly http: Http) {}

  /** Saves a person: when they sign up, and when what you know of them changes. Idempotent. */
  put(externalId: string, person: PutPerson, options?: CallOptions): Promise<SavedPerson> {
    return this.http.call('put', '/api/v1/people/{externalId}', {
      path: { externalId },
      body: person,
      options,
    });
  }

  /**
   * Saves many people, up to 1,000 in a request, and answers what became of each, in their order.
   * One that fails stops no other. Idempotent: after an error, send all of them again.
   */
  async putMany(
    people: Iterable<BatchPerson> | AsyncIterable<BatchPerson>,
    options?: CallOptions,
  ): Promise<BatchOutcome[]> {
    const outcomes: BatchOutcome[] = [];
    for await (const items of batchesOf(people)) {
      const request = { body: { items }, isRepeatable: true, options };
      outcomes.push(...(await this.http.call('post', '/api/v1/people/batch', request)).items);
    }
    return outcomes;
  }

  get(externalId: string, options?: CallOptions): Promise<Person> {
    return this.http.call('get', '/api/v1/people/{externalId}', { path: { externalId }, options });
  }

  /** Erases a person. Payments, and the credit of others, stay. */
  delete(externalId: string, options?: CallOptions): Promise<void> {
    return this.http.call('delete', '/api/v1/people/{externalId}', { path: { externalId }, options });
  }

  /**
   * Whether a person may use what is paid for. With the `etag` of the answer that you have, it
   * answers null while nothing has changed. Drop an answer with a lower `revision` than you have.
   */
  access(externalId: string, options?: CallOptions): Promise<AccessWithEtag>;
  access(
    externalId: string,
    options: CallOptions & { etag?: string | undefined },
  ): Promise<AccessWithEtag | null>;
  async access(
    externalId: string,
    { etag, ...options }: CallOptions & { etag?: string | undefined } = {},
  ): Promise<AccessWithEtag | null> {
    const response = await this.http.respond('get', '/api/v1/people/{externalId}/access', {
      path: { externalId },
      headers: etag === undefined ? {} : { 'if-none-match': etag },
      options,
    });
    if (response.status === 304) return null;
    return { ...((await response.json()) as PersonAccess), etag: response.headers.get('etag') ?? '' };
  }

  /** The access of many people; each request asks for a hundred. */
  async accessOfMany(externalIds: readonly string[], options?: CallOptions): Promise<PeopleAccess> {
    const all: PeopleAccess = { items: [], unknown: [] };
    for (let start = 0; start < externalIds.length; start += accessItems) {
      const query = { externalId: externalIds.slice(start, start + accessItems) };
      const { items, unknown } = await this.http.call('get', '/api/v1/access', { query, options });
      all.items.push(...items);
      all.unknown.push(...unknown);
    }
    return all;
  }

  /** A person's code and link, and how many came by it. */
  referral(externalId: string, options?: CallOptions): Promise<ReferralOverview> {
    return this.http.call('get', '/api/v1/people/{externalId}/referral', { path: { externalId }, options });
  }

  /** Whom a person has invited, the newest first. Pages are fetched as you read on. */
  invites(externalId: string, options?: CallOptions): AsyncGenerator<Invite, void, undefined> {
    return pagesOf((query) =>
      this.http.call('get', '/api/v1/people/{externalId}/invites', { path: { externalId }, query, options }),
    );
  }

  /** A person's credit, with every entry of their ledger, the newest first. */
  credit(externalId: string, options?: CallOptions): Promise<CreditStatement> {
    return this.http.call('get', '/api/v1/people/{externalId}/credit', { path: { externalId }, options });
  }

  /**
   * Gives a person days of access, once for each key. Without a key of yours, only the retries of
   * this call are safe: send one if you may call it again.
   */
  giveCredit(externalId: string, credit: GiveCredit, options: OnceOptions = {}): Promise<CreditEntry> {
    const { idempotencyKey = crypto.randomUUID(), ...rest } = options;
    return this.http.call('post', '/api/v1/people/{externalId}/credit', {
      path: { externalId },
      body: credit,
      headers: { 'idempotency-key': idempotencyKey },
      isRepeatable: true,
      options: rest,
    });
  }

  /** A token for the widget in this person's browser. It ends after 15 minutes. */
  createToken(externalId: string, options?: CallOptions): Promise<PersonToken> {
    return this.http.call('post', '/api/v1/people/{externalId}/tokens', {
      path: { externalId },
      isRepeatable: true,
      options,
    });
  }
}

/** Groups people so that no request is too large. */
async function* batchesOf(
  people: Iterable<BatchPerson> | AsyncIterable<BatchPerson>,
): AsyncGenerator<BatchPerson[], void, undefined> {
  const encoder = new TextEncoder();
  let batch: BatchPerson[] = [];
  let bytes = 0;
  for await (const person of people) {
    const size = encoder.encode(JSON.stringify(person)).length + 1;
    if (batch.length === batchItems || (batch.length > 0 && bytes + size > batchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(person);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
