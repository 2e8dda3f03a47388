import type { JSX as HtmlTypes } from 'preact';

/**
 * What TypeScript compiles JSX to: elements, and their HTML as text. A page is rendered once and
 * thrown away, so an element is its tag and attributes and nothing more.
 */

/** What may stand between two tags. Text is escaped; null, undefined and booleans show nothing. */
export type Children = Element | string | number | boolean | null | undefined | readonly Children[];

/**
 * A tag with its attributes, or a component with its props. A class, so that no object of a request
 * can stand for one.
 */
class Element {
  constructor(
    readonly type: string | Component,
    readonly props: Props,
  ) {}
}

type Props = Readonly<Record<string, unknown>>;
type Component = (props: never) => Children;

/** Makes an element. Compiled JSX calls it. */
export function jsx(type: string | Component, props: Props): Element {
  return new Element(type, props);
}
export { jsx as jsxs };

/** `<>…</>`: its children, without a tag around them. */
export function Fragment({ children }: { children?: Children }): Children {
  return children;
}

/** The types of JSX: HTML's own attributes, with what may stand between tags here. */
// eslint-disable-next-line @typescript-eslint/no-namespace -- TypeScript looks for JSX types in it
export namespace JSX {
  export type Element = Children;
  export type ElementType = string | Component;
  export interface ElementChildrenAttribute {
    children: unknown;
  }
  export interface IntrinsicAttributes {
    key?: string | number;
  }
  export type IntrinsicElements = {
    [Tag in keyof HtmlTypes.IntrinsicElements]: WithChildren<HtmlTypes.IntrinsicElements[Tag]>;
  };
}

type WithChildren<Attributes> = Attributes extends unknown
  ? Omit<Attributes, 'children' | 'ref'> & { children?: Children }
  : never;

let html = '';

/** The HTML of an element and all that is in it. Components are called once each, in order. */
export function renderToString(root: Children): string {
  const outer = html; // a component may render another document
  html = '';
  try {
    append(root);
    return html;
  } finally {
    html = outer;
  }
}

function append(node: Children): void {
  if (typeof node === 'string') html += escape(node);
  else if (typeof node === 'number') html += String(node);
  else if (node === null || typeof node !== 'object') return;
  else if (node instanceof Element) appendElement(node);
  else for (const child of node) append(child);
}

function appendElement({ type, props }: Element): void {
  if (typeof type === 'string') appendTag(type, props);
  else append(type(props as never));
}

/** Tags that have no content and no end tag (HTML, 13.1.2). */
const voidTags = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img'],
  ...['input', 'link', 'meta', 'source', 'track', 'wbr'],
]);

/** An option ends where the next begins, and with its list (HTML, 13.1.2.4). */
const tagsWithoutEnd = new Set(['option']);

function appendTag(tag: string, props: Props): void {
  html += `<${tag}`;
  let content: string | null = null;
  for (const name in props) {
    if (name === 'dangerouslySetInnerHTML') content = (props[name] as { __html: string }).__html;
    else if (name !== 'children') appendAttribute(name, props[name]);
  }
  html += '>';
  if (voidTags.has(tag)) return;
  if (content === null) append(props.children as Children);
  else html += content;
  if (!tagsWithoutEnd.has(tag)) html += `</${tag}>`;
}

/** Attributes whose words are true and false: `aria-*` too. */
const attributesOfWords = new Set(['spellcheck', 'draggable', 'contenteditable']);

/**
 * True stands without a value; null, undefined and false leave the attribute out. Where HTML wants
 * the words, they are written.
 */
function appendAttribute(name: string, value: unknown): void {
  if (typeof value === 'boolean' && (name.startsWith('aria-') || attributesOfWords.has(name)))
    html += ` ${name}="${value}"`;
  else if (value === true) html += ` ${name}`;
  else if (typeof value === 'string' || typeof value === 'number')
    html += ` ${name}="${escape(String(value))}"`;
  else if (value !== null && value !== undefined && value !== false)
    throw new TypeError(`The attribute ${name} is neither text, a number nor a boolean`);
}

const special = /["&<]/;
const references: Readonly<Record<string, string>> = { '"': '&quot;', '&': '&amp;', '<': '&lt;' };

/** Safe between tags and within double quotes. */
function escape(text: string): string {
  return special.test(text) ? text.replace(/["&<]/g, (character) => references[character] ?? '') : text;
}
