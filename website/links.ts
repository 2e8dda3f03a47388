import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { addressOf, pages, root } from './pages.js';

type Token = ReturnType<MarkdownRenderer['parse']>[number];
type Rules = MarkdownRenderer['core']['ruler'];

/** The project's repository on the web, as package.json names it. */
export const repository = webAddress(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository?: string | { url: string } })
    .repository,
);

/** An https address without `git+` and `.git`; undefined if there is none. */
export function webAddress(field: string | { url: string } | undefined): string | undefined {
  const url = typeof field === 'string' ? field : field?.url;
  return /^(?:git\+)?(https:\/\/.+?)(?:\.git)?\/?$/.exec(url ?? '')?.[1];
}

/** The anchor of a heading as GitHub makes it, so that a link works there and on the site. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/**
 * A rule of markdown-it. Links of Markdown files work on the site: to a page by its address, to any
 * other file of the project in its repository. Without a repository, the path stands there as text.
 *
 * Throws if the project does not have the file.
 */
export function projectLinks(repositoryUrl: string | undefined): Parameters<Rules['push']>[1] {
  return ({ tokens, env }) => {
    // the search index knows only `path`; a title alone has no file, and no links
    const { realPath, path } = env as { realPath?: string; path?: string };
    const page = relative(root, realPath ?? path ?? root);
    for (const { children } of tokens)
      children?.forEach((token, index) => {
        if (token.type === 'link_open') resolveLink(children, index, page, repositoryUrl);
      });
  };
}

function resolveLink(tokens: Token[], index: number, page: string, repositoryUrl: string | undefined) {
  const link = tokens[index];
  const href = link?.attrGet('href');
  if (link == null || href == null || /^(\w+:|#)/.test(href)) return;
  const [path = '', fragment] = href.split('#');
  const target = targetOf(path, page);
  const hash = fragment === undefined ? '' : `#${fragment}`;
  if (pages.includes(target)) link.attrSet('href', `/${addressOf(target)}${hash}`);
  else if (repositoryUrl !== undefined) {
    const kind = statSync(join(root, target)).isDirectory() ? 'tree' : 'blob';
    link.attrSet('href', `${repositoryUrl}/${kind}/HEAD/${encodeURI(target)}${hash}`);
  } else showPath(tokens, index, target);
}

/** The page or file that a link means: of a folder, its README if that is a page. */
function targetOf(path: string, page: string): string {
  const target = normalize(join(page, '..', decodeURI(path))).replace(/\/$/, '');
  if (!existsSync(join(root, target))) throw new Error(`${page} links ${path}, which does not exist`);
  const readme = `${target}/README.md`;
  return pages.includes(readme) ? readme : target;
}

/** Makes text of a link: its path, after its own words unless they are the end of it. */
function showPath(tokens: Token[], index: number, path: string): void {
  const end = tokens.findIndex((token, at) => at > index && token.type === 'link_close');
  const [first] = tokens.slice(index + 1, end);
  const open = tokens[index];
  const close = tokens[end];
  if (open === undefined || close === undefined || first === undefined) return;
  const isName = end === index + 2 && path.endsWith(first.content);
  if (isName) first.content = path;
  toText(open, '');
  toText(close, isName ? '' : ` (${path})`);
}

function toText(token: Token, content: string): void {
  Object.assign(token, { type: 'text', tag: '', nesting: 0, attrs: null, content });
}
