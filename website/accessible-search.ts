/** What VitePress's search says of itself to assistive technology, and what it says here. */
const replacements = [
  // the box is a dialog
  ['role="button"', 'role="dialog" aria-modal="true"'],
  [`:aria-owns="results?.length ? 'localsearch-list' : undefined"`, ''],
  ['aria-expanded="true"', ''],
  ['aria-haspopup="listbox"', ''],
  // box, field and results are named by the label, which is only an icon
  [
    '<span aria-hidden="true" class="vpi-search search-icon local-search-icon" />',
    '<span aria-hidden="true" class="vpi-search search-icon local-search-icon" /><span class="visually-hidden">{{ buttonText }}</span>',
  ],
  ['ref="searchInput"', `ref="searchInput" role="combobox" :aria-expanded="results?.length > 0"`],
  // a result is a link that can be selected, and is named by what it shows
  [`:id="'localsearch-item-' + index"`, ''],
  [`:aria-selected="selectedIndex === index ? 'true' : 'false'"`, ''],
  ['role="option"', 'role="presentation"'],
  [
    `:aria-label="[...p.titles, p.title].join(' > ')"`,
    `role="option" :id="'localsearch-item-' + index" :aria-selected="selectedIndex === index"`,
  ],
  // hints for the eye; the field says the same by its role
  ['<div class="search-keyboard-shortcuts">', '<div class="search-keyboard-shortcuts" aria-hidden="true">'],
] as const;

/**
 * Makes the search of VitePress usable with a screen reader, when the site is built.
 *
 * Throws if VitePress has changed what is replaced: then see whether it is still needed.
 */
export function accessibleSearch() {
  return {
    name: 'accessible-search',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      if (!id.endsWith('/VPLocalSearchBox.vue')) return undefined;
      return replacements.reduce((text, [from, to]) => replaceOnce(text, from, to), code);
    },
  };
}

function replaceOnce(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2)
    throw new Error(`The search box of VitePress has not exactly one ${from}`);
  return text.replace(from, to);
}
