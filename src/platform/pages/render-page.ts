import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole document from its root element. Text and attributes are escaped by the renderer. */
export function renderPage(root: VNode): string {
  return `<!doctype html>${renderToString(root)}`;
}
