/** A colour of the widget that a page can set: its variable, and its values in both schemes. */
export interface ThemeColour {
  name: string;
  light: string;
  dark: string;
}

/** The colours of the widget, as in widget.css. */
export const themeColours: readonly ThemeColour[] = [
  { name: 'accent', light: '#0b6250', dark: '#7fd6bb' },
  { name: 'on-accent', light: '#ffffff', dark: '#0b1f19' },
  { name: 'surface', light: '#ffffff', dark: '#1b1f1c' },
  { name: 'well', light: '#f3eee4', dark: '#242925' },
  { name: 'ink', light: '#1d1f1c', dark: '#ebebe4' },
  { name: 'quiet', light: '#5b5f57', dark: '#a8ada3' },
  { name: 'edge', light: '#85887c', dark: '#7d847c' },
  { name: 'good', light: '#0b6250', dark: '#7fd6bb' },
  { name: 'warn', light: '#7a4b00', dark: '#f2c46d' },
  { name: 'bad', light: '#a1251b', dark: '#ffa99d' },
];
