export interface ConsolePage {
  path: string;
  /** Of the form that is sent; null: the page is read. */
  fields: [string, string][] | null;
  status: number;
}
type PagesByRoute = Record<string, (string | Partial<ConsolePage>)[]>;

export function consolePages(query: (statement: string) => Promise<{ id: string }[]>): Promise<PagesByRoute>;
export function listPages(pagesByRoute: PagesByRoute): ConsolePage[];
