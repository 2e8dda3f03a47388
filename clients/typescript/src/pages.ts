/** One page of a list. */
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** How many a list asks for at once. */
export const pageSize = 100;

/** All items of a list, page by page; a page is fetched when the one before it is used up. */
export async function* pagesOf<T>(
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await fetchPage({ limit: pageSize, ...(cursor === null ? {} : { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
