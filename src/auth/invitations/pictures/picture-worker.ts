import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/*
 * A thread of its own: a picture takes about 45 ms of CPU, which no request may wait for. It loads
 * packages only, so that Node runs it as it is, from src/ and from dist/.
 */

/** What a picture shows; null where there is nothing to show, or nothing that the font can draw. */
export interface PictureContent {
  headline: string | null;
  detail: string | null;
  product: string | null;
  number: string | null;
  /** An image as a data URL; null for the mark of Twofold. */
  logo: string | null;
  colours: { page: string; ink: string; quiet: string; accent: string; onAccent: string; back: string };
}

/** A picture to draw, and the same with its bytes, or with what went wrong. */
export interface PictureRequest {
  id: number;
  content: PictureContent;
}
export type PictureAnswer = { id: number; png: Uint8Array } | { id: number; problem: string };

const left = 80;
const textWidth = 660;
const headlineSizes = [68, 58, 48, 40];
const maxLines = 4;

const { resolve } = createRequire(import.meta.url);
await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
const latinFonts = readFonts(['latin-700', 'latin-400']);
// the heavy weight first: the first file that has a character is taken, of whatever weight
const allFonts = readFonts([
  ...['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'vietnamese'].map(
    (subset) => `${subset}-700`,
  ),
  'latin-400',
]);

parentPort?.on('message', ({ id, content }: PictureRequest) => {
  parentPort?.postMessage(draw(id, content));
});

function draw(id: number, content: PictureContent): PictureAnswer {
  try {
    const svg = toSvg(content);
    // fonts are unpacked again for each picture
    const fontBuffers = /^[\0-ÿ‘’“”„–—…€]*$/u.test(svg) ? latinFonts : allFonts;
    return { id, png: toPng(new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'Inter' } })) };
  } catch (error) {
    return { id, problem: String(error) };
  }
}

/** Nothing but `free` gives the memory of WebAssembly back. */
function toPng(picture: InstanceType<typeof Resvg>): Uint8Array {
  try {
    const image = picture.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    picture.free();
  }
}

function readFonts(names: string[]): Uint8Array[] {
  return names.map((name) => readFileSync(resolve(`@fontsource/inter/files/inter-${name}-normal.woff2`)));
}

function toSvg({ headline, detail, product, number, logo, colours }: PictureContent): string {
  const lines = headline === null ? { size: 0, lines: [] } : layOut(headline);
  const headlineTop = 330 - (lines.lines.length * lines.size * 1.2) / 2;
  const below = headlineTop + lines.lines.length * lines.size * 1.2 + 50;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630">
    <rect width="1200" height="630" fill="${colours.page}"/>
    <rect x="800" y="130" width="230" height="250" rx="40" fill="${colours.back}"/>
    <rect x="888" y="238" width="244" height="264" rx="44" fill="${colours.page}"/>
    <rect x="900" y="250" width="220" height="240" rx="36" fill="${colours.accent}"/>
    ${number === null ? '' : text(number, { x: 1010, y: 403, size: number.length > 4 ? 60 : 92, bold: true, fill: colours.onAccent, anchor: 'middle' })}
    ${brand(logo, product, colours)}
    ${lines.lines.map((line, index) => text(line, { x: left, y: headlineTop + (index + 0.85) * lines.size * 1.2, size: lines.size, bold: true, fill: colours.ink })).join('')}
    ${wrap(detail ?? '', 32)
      .slice(0, 3)
      .map((line, index) =>
        text(line, { x: left, y: below + index * 44, size: 32, bold: false, fill: colours.quiet }),
      )
      .join('')}
  </svg>`;
}

function brand(logo: string | null, product: string | null, colours: PictureContent['colours']): string {
  const mark =
    logo === null
      ? `<rect x="${left}" y="64" width="38" height="38" rx="10" fill="${colours.back}"/><rect x="${left + 17}" y="81" width="38" height="38" rx="10" fill="${colours.accent}"/>`
      : `<image x="${left}" y="62" width="220" height="58" preserveAspectRatio="xMinYMid meet" href="${escapeXml(logo)}"/>`;
  // a logo may be as broad as its place, and usually says the name itself
  const name =
    product === null || logo !== null
      ? ''
      : text(product, { x: left + 76, y: 105, size: 36, bold: true, fill: colours.ink });
  return mark + name;
}

/** The headline in the largest size in which it fits; else what fits of it in the smallest. */
function layOut(headline: string): { size: number; lines: string[] } {
  for (const size of headlineSizes) {
    const lines = wrap(headline, size);
    if (lines.length <= maxLines && lines.every((line) => widthOf(line, size) <= textWidth))
      return { size, lines };
  }
  const smallest = headlineSizes.at(-1) ?? 40;
  const breakable = headline.split(' ').flatMap((word) => cutWord(word, smallest));
  return { size: smallest, lines: wrap(breakable.join(' '), smallest).slice(0, maxLines + 1) };
}

/** Lines of whole words, each as long as fits. */
function wrap(words: string, size: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ').filter(Boolean)) {
    const longer = [lines.at(-1), word].join(' ').trim();
    if (lines.length > 0 && widthOf(longer, size) <= textWidth) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A word in pieces that fit on a line. */
function cutWord(word: string, size: number): string[] {
  const pieces = [''];
  for (const letter of word) {
    const longer = `${pieces.at(-1) ?? ''}${letter}`;
    if (widthOf(longer, size) <= textWidth) pieces[pieces.length - 1] = longer;
    else pieces.push(letter);
  }
  return pieces;
}

/** At most: measuring it would take longer than drawing the picture. */
function widthOf(line: string, size: number): number {
  const ems = [...line].map((letter) => widths.find(([letters]) => letters.test(letter))?.[1] ?? 0.8);
  return size * ems.reduce((sum, width) => sum + width, 0);
}

/** How wide characters of the heavy weight are at most, in ems. */
const widths: [RegExp, number][] = [
  [/[\p{M}]/u, 0],
  [/[ .,:;'’‘|!()[\]iíìîïjlI]/u, 0.37],
  [/[frt"“”„\-–]/u, 0.47],
  [/[MWmwŒœÆæ@%…—]/u, 1.05],
  [/[a-zß-ÿ0-9]/u, 0.67],
];

function text(
  words: string,
  style: { x: number; y: number; size: number; bold: boolean; fill: string; anchor?: 'middle' },
): string {
  const { x, y, size, bold, fill, anchor = 'start' } = style;
  return `<text x="${x}" y="${y}" font-family="Inter" font-weight="${bold ? 700 : 400}" font-size="${size}" fill="${fill}" text-anchor="${anchor}">${escapeXml(words)}</text>`;
}

function escapeXml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
