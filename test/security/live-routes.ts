import type { World } from '../support/world.js';

/** A route as the running server knows it. `url` has an unknown id for each parameter. */
export interface LiveRoute {
  method: string;
  url: string;
  /** The path with the names of its parameters. */
  pattern: string;
}

const unknownId = '01890000-0000-7000-8000-000000000000';

/** Every route that the server answers, read from the server itself: so no route can be missing. */
export function liveRoutes({ app }: World): LiveRoute[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const path: string[] = [];
  const routes: LiveRoute[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', text = ''] = /^([│├└─ ]*)(.*)$/.exec(line) ?? [];
    const [, segment = '', methods = ''] = /^(\S*?)(?: \(([A-Z, ]+)\))?$/.exec(text.trim()) ?? [];
    if (segment === '' && methods === '') continue;
    const depth = Math.max(0, indent.length / 4 - 1);
    path.length = depth;
    path[depth] = segment;
    const pattern = path.join('') || '/';
    const url = pattern.replace(/:[a-zA-Z]+/g, unknownId).replace('*', 'x');
    for (const method of methods.split(', ').filter(Boolean)) routes.push({ method, url, pattern });
  }
  return routes;
}
