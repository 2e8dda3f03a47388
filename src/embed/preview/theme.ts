/** A colour of the widget that a page can set: its variable, and its values in both schemes. */
export interface ThemeColour {
  name: string;
  title: string;
  light: string;
  dark: string;
}

/** The colours of the widget, as in widget.css. */
export const themeColours: readonly ThemeColour[] = [
  { name: 'accent', title: 'Main button', light: '#0b6250', dark: '#7fd6bb' },
  { name: 'on-accent', title: 'Text on it', light: '#ffffff', dark: '#0b1f19' },
  { name: 'surface', title: 'Background', light: '#ffffff', dark: '#1b1f1c' },
  { name: 'well', title: 'Behind the code', light: '#f3eee4', dark: '#242925' },
  { name: 'ink', title: 'Text', light: '#1d1f1c', dark: '#ebebe4' },
  { name: 'quiet', title: 'Small text', light: '#5b5f57', dark: '#a8ada3' },
  { name: 'edge', title: 'Edges', light: '#85887c', dark: '#7d847c' },
  { name: 'good', title: 'Credited', light: '#0b6250', dark: '#7fd6bb' },
  { name: 'warn', title: 'On its way', light: '#7a4b00', dark: '#f2c46d' },
  { name: 'bad', title: 'Taken back', light: '#a1251b', dark: '#ffa99d' },
];
