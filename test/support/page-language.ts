import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Words that only the other language has. */
const foreignWords: Record<string, RegExp> = {
  en: /\b(Sie|und|Ihr|Ihre|wurde|Guthaben|Einladung)\b/,
  de: /\b(you|your|the|and|with|have|from|invite|credit)\b/i,
};

/** A key of the translations without a text. */
const untranslatedKey = new RegExp(`(^|\\W)(${messageSections().join('|')})\\.[a-z]\\w*`);

function messageSections(): string[] {
  const file = new URL('../../locales/en.json', import.meta.url);
  return Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object);
}

/** What a page in `locale` shows of the other language, or of the keys of texts. */
export async function languageProblems(page: Page, locale: string): Promise<string[]> {
  await page.waitForLoadState(); // after a click the next document may have no root yet
  const own = await page.evaluate<string>('document.documentElement.lang');
  const text = (await textOf(page)).replaceAll(/\S+@\S+|\S*https?:\S+|\/dev\/\S+/g, '');
  return [
    ...(own === locale ? [] : [`in the language ${own}`]),
    ...[foreignWords[locale]?.exec(text)?.[0], untranslatedKey.exec(text)?.[0]].filter(
      (word) => word !== undefined,
    ),
  ];
}

/**
 * What is written on the page, without what names things: addresses, codes, the languages
 * themselves.
 */
async function textOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const isName = (text: Node) =>
      text.parentElement?.closest('script, code, .code, .languages, select, time, body [lang]') !== null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode() !== null)
      if (!isName(walker.currentNode)) texts.push(walker.currentNode.textContent ?? '');
    return texts.join('\n');
  });
}
