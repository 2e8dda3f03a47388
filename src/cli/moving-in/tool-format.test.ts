import { expect, it } from 'vitest';
import { cellsOf, codeOfLink, mapHeader } from './tool-format.js';
import { tools } from './tools.js';
import { dub } from './tools/dub.js';

it.each([
  ['https://go.acme.example/Anna', 'Anna'],
  ['go.acme.example/a/Anna%20B', 'Anna B'],
  ['https://acme.example/?via=Anna&x=1', 'Anna'],
  ['https://acme.example/pricing?fpr=Anna', 'Anna'],
  ['acme.example/100%', '100%'],
  ['Anna', 'Anna'],
  ['anna.b', 'anna.b'],
  ['a/b', 'a/b'],
  ['', ''],
])('the code is the last part of a link, and any other text stays: %s', (text, code) => {
  expect(codeOfLink(text)).toBe(code);
});

it('columns are found in any spelling, and of two for one field the first that is not empty counts', () => {
  const header = mapHeader(['customer EMAIL', 'e_mail', 'Partner-Tenant.ID', 'Odd', ''], dub.referred);
  expect(header).toMatchObject({ unknown: ['Odd'], missing: [] });
  expect(cellsOf(['', 'a@b.example', '7', 'x', ''], header)).toMatchObject({
    ...{ email: 'a@b.example', referrerExternalId: '7', referrerCode: '' },
  });
});

it('what is missing is named as the tool names it', () => {
  expect(mapHeader(['ID'], dub.referred).missing).toEqual([
    ['Email'],
    ['Link', 'Partner tenant ID', 'Partner email'],
  ]);
});

it.each(
  tools.flatMap((tool) =>
    [tool.referred, tool.partners, tool.commissions ?? []]
      .flat()
      .map((format) => [tool.name, format] as const),
  ),
)('no column of %s is two fields, or a field and ignored', (_name, format) => {
  const names = [...Object.values(format.columns).flat(), ...(format.ignored ?? [])];
  const keys = names.map((name) => name.toLowerCase().replace(/[\s_.-]+/g, ''));
  expect(new Set(keys).size).toBe(keys.length);
});
