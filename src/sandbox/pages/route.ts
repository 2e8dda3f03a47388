import type { Params } from '../api/params.js';
import type { SandboxContext } from '../context.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** What a page answers: HTML, or where to go next. */
export type PageResponse = { html: string; status?: number; leadsTo?: string | null } | { goTo: string };

/** A visit to a page: the id in its path, the fields of its form, and the work it may do. */
export interface PageRequest {
  id: string;
  fields: Params;
  unitOfWork: UnitOfWork;
  context: SandboxContext;
}

/** One page, or what a form on it does. */
export interface PageRoute {
  method: 'GET' | 'POST';
  path: string;
  handle: (pageRequest: PageRequest) => Promise<PageResponse>;
}
