type Attributes = Record<string, string | boolean | (() => void) | undefined>;

/**
 * An element with attributes (`true`: without a value; false or undefined: left out), listeners
 * (`onclick`) and children. Everything is text: nothing is parsed as markup.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A button that sends no form. */
export function button(text: string, kind: 'main' | 'plain', onclick: () => void): HTMLButtonElement {
  return element('button', { type: 'button', class: kind, onclick }, text);
}
