import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMarkdownRenderer, type MarkdownRenderer } from 'vitepress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadLinksOf } from '../website/dead-links.js';
import { anchorOf, projectLinks, webAddress } from '../website/links.js';
import { addressOf, groups, pages, root, titleOf, ungroupedPages } from '../website/pages.js';

describe('the pages of the documentation site', () => {
  it('every page of docs/ is in one group of website/pages.ts, so that the sidebar has it', () => {
    expect(ungroupedPages()).toEqual([]);
    expect(new Set(pages).size).toBe(pages.length);
  });

  it('a page that no group has is found', () => {
    const [forgotten = '', ...others] = pages.filter((page) => page.startsWith('docs/'));
    expect(ungroupedPages(others)).toEqual([forgotten]);
  });

  it('every page has a title, and an address of its own on a disk that ignores case', () => {
    const grouped = groups.flatMap((group) => group.pages);
    expect(grouped.map(titleOf).filter((title) => title.trim() === '')).toEqual([]);
    expect(new Set(pages.map((page) => addressOf(page).toLowerCase())).size).toBe(pages.length);
  });
});

describe('links in pages', () => {
  let md: MarkdownRenderer;
  beforeAll(async () => {
    md = await createMarkdownRenderer(root);
    md.core.ruler.push('project-links', projectLinks(undefined));
  });
  const render = (markdown: string, repository?: string) => {
    md.core.ruler.at('project-links', projectLinks(repository));
    return md.renderInline(markdown, { path: join(root, 'docs/fraud.md') });
  };

  it('a link to another page leads to its address on the site', () => {
    expect(render('[a](operations.md#metrics)')).toContain('href="/operations.html#metrics"');
    expect(render('[a](decisions)')).toContain('href="/decisions/"');
    expect(render('[a](../SECURITY.md)')).toContain('href="/project/security.html"');
  });

  it('a link to another file leads to the repository, where one is named', () => {
    const repository = 'https://code.example/twofold';
    expect(render('[a](../src/main.ts)', repository)).toContain(`${repository}/blob/HEAD/src/main.ts"`);
    expect(render('[a](../bench)', repository)).toContain(`${repository}/tree/HEAD/bench"`);
  });

  it('without a repository, the path of another file stands there as text', () => {
    expect(render('[`main.ts`](../src/main.ts)')).toBe('<code>src/main.ts</code>');
    expect(render('[bench](../bench)')).toBe('bench');
    expect(render('[the **start**](../src/main.ts).')).toBe('the <strong>start</strong> (src/main.ts).');
  });

  it('a link to a file that does not exist is refused', () => {
    expect(() => render('[a](../src/gone.ts)')).toThrow('docs/fraud.md links ../src/gone.ts');
  });

  it('the repository is named as in package.json: an https address, with or without git', () => {
    const address = 'https://code.example/twofold';
    expect(webAddress(address)).toBe(address);
    expect(webAddress({ url: `git+${address}.git` })).toBe(address);
    expect(webAddress('git@code.example:twofold')).toBeUndefined();
    expect(webAddress(undefined)).toBeUndefined();
  });

  it('headings have the anchors of a code host', () => {
    expect(anchorOf("An event in a user's timeline")).toBe('an-event-in-a-users-timeline');
    expect(anchorOf('A field on /me')).toBe('a-field-on-me');
  });
});

describe('links of the built site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-links-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('a link to no file, to no heading and out of the base is dead', () => {
    mkdirSync(join(folder, 'decisions'));
    writeFileSync(join(folder, 'decisions/index.html'), '<a href="../index.html#here">a</a>');
    const links = ['/b/decisions/#gone', '/b/gone.html', '/elsewhere.html', '#gone', 'gone.png'];
    const good = ['/b/decisions/', '/b/', '#here', 'https://code.example/gone'];
    const html = [...links, ...good].map((link) => `<a href="${link}">a</a>`).join('');
    writeFileSync(join(folder, 'index.html'), `<h2 id="here">Here</h2>${html}`);
    expect(deadLinksOf(folder, '/b/')).toEqual(links.map((link) => `index.html: ${link}`));
  });
});
