import type { Params } from '../api/params.js';
import type { SandboxContext } from '../context.js';
import type { Work } from '../work.js';

/** What a page answers: HTML, or where to go next. */
export type PageAnswer = { html: string; status?: number; leadsTo?: string | null } | { goTo: string };

/** A visit to a page: the id in its path, the fields of its form, and the work it may do. */
export interface Visit {
  id: string;
  fields: Params;
  work: Work;
  context: SandboxContext;
}

/** One page, or what a form on it does. */
export interface PageRoute {
  method: 'GET' | 'POST';
  path: string;
  answer: (visit: Visit) => Promise<PageAnswer>;
}
