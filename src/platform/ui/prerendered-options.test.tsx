import { expect, it } from 'vitest';
import { renderToString } from '#jsx/jsx-runtime';
import { SelectField, PrerenderedOptions } from './form.js';

const options = [
  ['a', 'One & all'],
  ['b"<', 'Two'],
  ['c', '$& three'],
] as const;

const rendered = (value: string, of: PrerenderedOptions | typeof options): string =>
  renderToString(<SelectField id="x" name="x" label="X" value={value} options={of} />);

it.each(['a', 'b"<', 'c'])('the options equal a short list, with %s chosen', (value) => {
  expect(rendered(value, new PrerenderedOptions(options))).toBe(rendered(value, options));
  expect(rendered(value, options)).toContain(' selected');
});

it('an unknown value is added to the options', () => {
  expect(rendered('own "zone"', new PrerenderedOptions(options))).toBe(
    rendered('own "zone"', [...options, ['own "zone"', 'own "zone"']] as never),
  );
});
