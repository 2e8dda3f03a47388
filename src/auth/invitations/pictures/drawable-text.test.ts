import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { beforeAll, expect, it } from 'vitest';
import { isDrawable } from './drawable-text.js';

const { resolve } = createRequire(import.meta.url);
const subsets = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'vietnamese'];
const fontBuffers = subsets.map((subset) =>
  readFileSync(resolve(`@fontsource/inter/files/inter-${subset}-700-normal.woff2`)),
);
beforeAll(() => initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm'))));

const [cell, perLine] = [32, 40];

/** The pixels of each character, each in a cell of its own. */
function draw(letters: string[]): string[] {
  const lines = Math.ceil(letters.length / perLine);
  const placeOf = (index: number) => [(index % perLine) * cell, Math.floor(index / perLine) * cell] as const;
  const texts = letters.map((letter, index) => {
    const [x, y] = placeOf(index);
    return `<text x="${x}" y="${y + 22}" font-size="20">&#${letter.codePointAt(0)};</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${perLine * cell}" height="${lines * cell}"><g font-family="Inter">${texts.join('')}</g></svg>`;
  const pixels = Buffer.from(new Resvg(svg, { font: { fontBuffers } }).render().pixels);
  return letters.map((_, index) => {
    const [x, y] = placeOf(index);
    const rows = Array.from({ length: cell }, (_row, line) => ((y + line) * perLine * cell + x) * 4);
    return Buffer.concat(rows.map((start) => pixels.subarray(start, start + cell * 4))).toString('base64');
  });
}

it('the font has every character that pictures may show', () => {
  const letters = Array.from({ length: 0x2200 }, (_, code) => String.fromCodePoint(code)).filter(
    (letter) => letter.normalize('NFC') === letter && isDrawable(letter) && !/[\s\p{M}]/u.test(letter),
  );
  expect(letters.length).toBeGreaterThan(600);
  const [absent, alsoAbsent, ...drawn] = draw(['日', 'ש', ...letters]);
  expect(alsoAbsent).toBe(absent);
  expect(letters.filter((_, index) => drawn[index] === absent)).toEqual([]);
});

it.each(['日本', 'שלום', 'مرحبا', 'Anna 🎉', 'A\u200dB', '\u202eanna', 'a\nb', '\u0149'])(
  'pictures do not show %s',
  (text) => {
    expect(isDrawable(text)).toBe(false);
  },
);
