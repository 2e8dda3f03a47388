import Stripe from 'stripe';

/** What Stripe gives on a page at most. */
export const pageSize = 100;

/** Stripe's condition that something was made between two moments. */
export function createdBetween({ since, until }: { since: Date; until: Date }): Stripe.RangeQueryParam {
  return { gte: Math.floor(since.getTime() / 1000), lt: Math.ceil(until.getTime() / 1000) };
}

/** A list of Stripe's a page at a time, so that what is known of them is asked of the database at once. */
export async function* paginate<T>(list: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const one of list) {
    page.push(one);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** More than any list that is read into memory as a whole has. */
const maxEntries = 10_000;

/** All entries of a list of Stripe's, page after page. Errors: Stripe's; a list too long to be held is never cut in silence. */
export async function fetchWholeList<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of list) {
    if (all.length === maxEntries) throw new Error(`A list at Stripe has more than ${maxEntries} entries`);
    all.push(one);
  }
  return all;
}

/**
 * What Stripe answers; null when it has no such thing, as after test data were deleted there: then there is nothing to
 * compare with. Errors: Stripe's others.
 */
export async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
