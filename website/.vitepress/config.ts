import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { accessibleSearch } from '../accessible-search.js';
import { deadLinksOf } from '../dead-links.js';
import { drawDiagrams } from '../diagrams.js';
import { anchorOf, projectLinks, repository } from '../links.js';
import {
  addressOf,
  decisions,
  filesOf,
  type Group,
  groups,
  pages,
  root,
  titleOf,
  ungroupedPages,
} from '../pages.js';

const forgotten = ungroupedPages();
if (forgotten.length > 0) throw new Error(`website/pages.ts has no group for ${forgotten.join(', ')}`);

const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(join(root, 'src/platform/ui/icon.svg'), 'utf8'))}`;

export default defineConfig({
  title: 'Twofold',
  description: 'A referral programme whose reward really arrives.',
  lang: 'en-GB',
  head: [['link', { rel: 'icon', href: icon }]],
  srcDir: '..',
  srcExclude: filesOf('**/*.md').filter((file) => !pages.includes(file)),
  rewrites: Object.fromEntries(pages.map((page) => [page, addressOf(page)])),
  outDir: 'dist',
  cacheDir: '../node_modules/.cache/vitepress',
  markdown: {
    anchor: { slugify: anchorOf },
    config: (md) => {
      md.core.ruler.push('project-links', projectLinks(repository));
      drawDiagrams(md);
    },
  },
  themeConfig: {
    logo: icon,
    nav: groups.map(({ title, pages: [first = ''] }) => ({ text: title, link: `/${addressOf(first)}` })),
    sidebar: {
      '/': groups.filter((group) => group !== decisions).map(sidebarGroup),
      '/decisions/': [sidebarGroup(decisions)],
    },
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: repository === undefined ? [] : [{ icon: 'git', link: repository }],
  },
  vite: {
    plugins: [accessibleSearch()],
    build: { chunkSizeWarningLimit: 1000 }, // kB; the search index is one file
    server: { watch: { ignored: ['**/.data/**', '**/dist/**', '**/screenshots/**'] } },
  },
  buildEnd: ({ outDir, site }) => {
    const dead = deadLinksOf(outDir, site.base);
    if (dead.length > 0) throw new Error(`Dead links:\n${dead.join('\n')}`);
  },
});

function sidebarGroup(group: Group): DefaultTheme.SidebarItem {
  return {
    text: group.title,
    items: group.pages.map((page) => ({ text: titleOf(page), link: `/${addressOf(page)}` })),
  };
}
