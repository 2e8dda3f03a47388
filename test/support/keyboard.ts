import type { Page } from 'playwright-core';

/**
 * What is wrong for people who only have a keyboard, as `fault: element`: controls that Tab does
 * not reach, reaches in another order than they are read in, or marks with nothing; and a place
 * that Tab does not leave.
 */
export async function keyboardProblems(page: Page): Promise<string[]> {
  const stops = await page.evaluate(watchFocus);
  const mostPresses = stops * 2 + 20;
  for (let presses = 0; presses < mostPresses; presses += stops + 1) {
    for (let press = 0; press <= stops; press++) await page.keyboard.press('Tab');
    if (await page.evaluate('window.focusWatch.hasReturned()')) break;
  }
  return page.evaluate('window.focusWatch.problems()');
}

/** Runs in the page: answers how often Tab is needed, at most, and records what it reaches. */
function watchFocus(): number {
  const named = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160);
  const everyElement = (root: Document | ShadowRoot): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot === null ? [] : everyElement(element.shadowRoot)),
    ]);
  const isNative = (element: Element) =>
    element.matches('a[href], button, input:not([type=hidden]), select, textarea, summary');
  const isControl = (element: Element) =>
    isNative(element) || element.matches('[tabindex]:not([tabindex="-1"]), [contenteditable], [role=button]');
  const isOneOfRadios = (element: HTMLElement, all: HTMLElement[]) => {
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
    const group = all.filter(
      (other): other is HTMLInputElement =>
        other instanceof HTMLInputElement && other.type === 'radio' && other.name === element.name,
    );
    return element === (group.find(({ checked }) => checked) ?? group[0]);
  };
  const markOf = (element: Element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    const outline = outlineStyle === 'none' ? 'none' : `${outlineStyle} ${outlineWidth} ${outlineColor}`;
    return `${outline} ${boxShadow}`;
  };
  const shown = everyElement(document).filter(
    (element) => isControl(element) && !element.matches(':disabled') && element.checkVisibility(),
  );
  const controls = shown.filter((element) => isOneOfRadios(element, shown));
  // from the start of the document
  document.documentElement.tabIndex = -1;
  document.documentElement.focus();
  document.documentElement.removeAttribute('tabindex');
  const unfocused = new Map(controls.map((element) => [element, markOf(element)]));
  const reached: HTMLElement[] = [];
  const unmarked: HTMLElement[] = [];
  let hasReturned = false;
  const watch = (event: Event) => {
    const [element] = event.composedPath();
    if (!(element instanceof HTMLElement) || !unfocused.has(element)) return;
    event.stopPropagation(); // a part of a component is seen there alone
    if (reached.includes(element)) {
      hasReturned = true;
      return;
    }
    reached.push(element);
    const mark = markOf(element);
    if (mark === unfocused.get(element) || mark === 'none none') unmarked.push(element);
  };
  for (const root of new Set(controls.map((element) => element.getRootNode())))
    root.addEventListener('focusin', watch);
  const misplaced = () =>
    reached.filter((element, index) => {
      const before = reached[index - 1];
      return before !== undefined && controls.indexOf(before) > controls.indexOf(element);
    });
  Reflect.set(window, 'focusWatch', {
    hasReturned: () => hasReturned,
    problems: () => [
      ...controls.filter((element) => !reached.includes(element)).map((one) => `not reached: ${named(one)}`),
      ...unmarked.map((one) => `focus not visible: ${named(one)}`),
      ...misplaced().map((one) => `out of order: ${named(one)}`),
      ...(hasReturned || controls.length === 0 ? [] : ['Tab does not come round']),
    ],
  });
  // a field for a day has a stop for each of its parts
  return controls.length + 3 * controls.filter((element) => element.matches('[type=date]')).length;
}
