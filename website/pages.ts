import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
export const firstPage = 'website/index.md';

export interface Group {
  title: string;
  pages: string[];
}

/** So many that they have a sidebar of their own. */
export const decisions: Group = {
  title: 'Decisions',
  pages: ['docs/decisions/README.md', ...filesOf('docs/decisions/[0-9]*.md')],
};

/**
 * The groups of the sidebar, with paths from the root of the project. Every page of docs/ is in one
 * of them; the title of a page is its first heading.
 */
export const groups: Group[] = [
  { title: 'Start', pages: ['README.md', 'docs/glossary.md', 'CHANGELOG.md'] },
  {
    title: 'Integrate',
    pages: [
      'docs/integrating.md',
      'docs/people.md',
      'docs/payments.md',
      'docs/paid-access.md',
      'docs/checkout.md',
      'docs/widget.md',
      'docs/outgoing-webhooks.md',
      'docs/api.md',
      'docs/api-changes.md',
      'docs/mcp.md',
      'clients/typescript/README.md',
      'examples/express/README.md',
      'examples/nest-paddle/README.md',
      'examples/next/README.md',
      'docs/sandbox.md',
    ],
  },
  {
    title: 'Operate',
    pages: [
      'docs/going-live.md',
      'docs/configuration.md',
      'docs/importing-users.md',
      'docs/moving-in.md',
      'docs/programme.md',
      'docs/invitations.md',
      'docs/fraud.md',
      'docs/accounts.md',
      'docs/console.md',
      'docs/cli.md',
      'docs/operations.md',
      'docs/upgrading.md',
      'docs/scaling.md',
      'docs/embedded-postgres.md',
      'docs/security.md',
      'SECURITY.md',
    ],
  },
  {
    title: 'Change',
    pages: ['CONTRIBUTING.md', 'docs/where-to-change.md', 'docs/design-system.md', 'migrations/README.md'],
  },
  {
    title: 'Understand',
    pages: [
      'docs/architecture.md',
      'docs/schema.md',
      'docs/credit.md',
      'docs/correctness.md',
      'docs/threat-model.md',
      'docs/reliability.md',
      'docs/performance.md',
    ],
  },
  decisions,
];

export const pages = [firstPage, ...groups.flatMap((group) => group.pages)];

/** The pages of docs/ that no group has. */
export function ungroupedPages(grouped = pages): string[] {
  return filesOf('docs/**/*.md').filter((page) => !grouped.includes(page));
}

/**
 * The address of a page below the site's root, as a Markdown file. The files at the root of the
 * project have a folder of their own: there are two security.md otherwise.
 */
export function addressOf(page: string): string {
  if (!page.includes('/')) return `project/${page.toLowerCase()}`;
  return page.replace(/^(docs|website)\//, '').replace(/README\.md$/, 'index.md');
}

/** The first heading of a page, without Markdown. */
export function titleOf(page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(root, page), 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${page} needs a title: a line that starts with "# "`);
  return title.replaceAll('`', '');
}

export function filesOf(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: ['**/node_modules', '**/dist'] }).sort();
}
