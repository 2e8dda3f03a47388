import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

const look = {
  bg: 'var(--vp-c-bg)',
  fg: 'var(--vp-c-text-1)',
  muted: 'var(--vp-c-text-2)',
  font: 'Inter',
  padding: 8,
  transparent: true,
};

/** Draws the Mermaid diagrams of a page when the site is built; their source stays below them. */
export function drawDiagrams(md: MarkdownRenderer): void {
  const showCode = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const code = showCode?.(tokens, index, options, env, self) ?? '';
    const token = tokens[index];
    if (token?.info.trim() !== 'mermaid') return code;
    const picture = md.utils.escapeHtml(JSON.stringify(drawSvg(token.content)));
    return `<div class="diagram" role="img" aria-label="Diagram; its source follows" tabindex="0" v-html="${picture}"></div>
<details class="diagram-source"><summary>Source of the diagram</summary>${code}</details>`;
  };
}

/** The picture without its link to fonts of another host, and without the quotes of a name. */
function drawSvg(source: string): string {
  return renderMermaidSVG(source, look)
    .replaceAll(/@import url\([^)]*\);/g, '')
    .replaceAll(/>&quot;([\w.]+)&quot;</g, '>$1<');
}
