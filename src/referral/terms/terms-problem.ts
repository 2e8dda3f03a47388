/** What can be wrong with a field of terms; `terms.problem.*` of the locales says it in words. */
export type TermsProblemName =
  | 'whole'
  | 'nobody'
  | 'amounts'
  | 'currency'
  | 'amount'
  | 'prices'
  | 'price'
  | 'attribution'
  | 'cap'
  | 'milestone'
  | 'budget'
  | 'moment'
  | 'past'
  | 'far'
  | 'order'
  | 'reason';

/** One field that is not right. `path` is its name in the API; `facts` are what the words need. */
export interface TermsProblem {
  path: string;
  problem: TermsProblemName;
  facts: Record<string, string | number>;
}

/** Collects what is wrong, field by field, so that all of it can be told at once. */
export class Problems {
  readonly found: TermsProblem[] = [];

  /** Notes a problem. Answers null, which stands for a value that cannot be used. */
  add(path: string, problem: TermsProblemName, facts: TermsProblem['facts'] = {}): null {
    this.found.push({ path, problem, facts });
    return null;
  }

  /** Whether something at `path` or below it is wrong. */
  has(path: string): boolean {
    return this.found.some((one) => one.path === path || one.path.startsWith(`${path}.`));
  }
}
