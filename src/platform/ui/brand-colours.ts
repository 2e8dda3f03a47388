/** Red, green and blue, 0 to 255. */
type Colour = readonly [number, number, number];

const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];
/** What lies behind text in the accent, as in tokens.css: page, card and well. */
const backgrounds = { light: ['#faf7f1', '#ffffff', '#f3eee4'], dark: ['#131614', '#1b1f1c', '#242925'] };
/** The least contrast of text (WCAG 2.2, 1.4.3). */
const leastContrast = 4.5;

/** Whether a text is a colour such as `#0b6250`. */
export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/**
 * The accents of the pages made of one colour, as a style sheet. In each scheme it is made darker
 * or lighter until text in it, and on it, can be read; so any colour will do.
 */
export function brandStyleSheet(colour: string): string {
  return `:root {${tokensFor(colour, 'light')}}
@media (prefers-color-scheme: dark) { :root {${tokensFor(colour, 'dark')}} }
`;
}

function tokensFor(colour: string, scheme: 'light' | 'dark'): string {
  return Object.entries(accentsOf(colour, scheme))
    .map(([name, value]) => ` ${name}: ${value};`)
    .join('');
}

/** The accents that pages make of a colour, by the names of their tokens. */
export function accentsOf(
  colour: string,
  scheme: 'light' | 'dark',
): Record<
  '--accent' | '--accent-strong' | '--on-accent' | '--accent-wash' | '--mark-back' | '--sheet-back',
  string
> {
  const [towards, away] = scheme === 'light' ? [black, white] : [white, black];
  const surface = parse(scheme === 'light' ? '#ffffff' : '#1b1f1c');
  const accent = readableOn(parse(colour), scheme, towards);
  return {
    '--accent': format(accent),
    '--accent-strong': format(mix(accent, towards, 0.25)),
    '--on-accent': format(away),
    '--accent-wash': format(mix(surface, accent, 0.1)),
    '--mark-back': format(mix(surface, accent, 0.45)),
    '--sheet-back': format(mix(surface, accent, 0.25)),
  };
}

/** The colour itself where it can be read, else the nearest mix with `towards` that can. */
function readableOn(colour: Colour, scheme: 'light' | 'dark', towards: Colour): Colour {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(colour, towards, share);
    const surface = parse(scheme === 'light' ? '#ffffff' : '#1b1f1c');
    const behind = [...backgrounds[scheme].map(parse), mix(surface, mixed, 0.1)];
    if (behind.every((background) => contrast(mixed, background) >= leastContrast)) return mixed;
  }
  return towards;
}

/** The contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: Colour, other: Colour): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** A colour from its text, such as `#0b6250`. */
export function parse(text: string): Colour {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

function format(colour: Colour): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
