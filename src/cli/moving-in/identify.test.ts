import { expect, it } from 'vitest';
import { findConflict, splitByKeys } from './identify.js';
import { parseMovingRow, type MovingRow } from './moving-row.js';
import { movingFields, type MovingCells } from './tool-format.js';

const empty = Object.fromEntries(movingFields.map((field) => [field, ''])) as MovingCells;
const row = (cells: Partial<MovingCells>, line = 2): MovingRow =>
  parseMovingRow(line, { ...empty, ...cells }, new Date()).row;
const unchanged = { storedExternalId: null, isErased: false };

it('rows that share a key are written one after the other, the others together', () => {
  const parts = splitByKeys([
    row({ email: 'a@x.example', externalId: '1' }, 2),
    row({ email: 'b@x.example', externalId: '1' }, 3),
    row({ email: 'B@x.example' }, 4),
    row({ email: 'c@x.example', ownCode: '1' }, 5),
  ]);
  expect(parts.map((part) => part.map(({ line }) => line))).toEqual([[2, 5], [3], [4]]);
});

it.each([
  ['nothing known', { externalId: null, customer: null, email: null }, undefined],
  ['all of one person', { externalId: 'u1', customer: 'u1', email: 'u1' }, undefined],
  ['another customer', { externalId: 'u1', customer: 'u2', email: 'u1' }, 'customer'],
  ['another address', { externalId: null, customer: 'u1', email: 'u2' }, 'email'],
])('keys that name two people are a conflict: %s', (_what, match, field) => {
  expect(findConflict(row({ email: 'a@x.example' }), match, unchanged)?.field).toBe(field);
});

it('an external id is never replaced, and no erased person comes back by a customer', () => {
  const match = { externalId: null, customer: null, email: 'u1' };
  const stored = { storedExternalId: 'one', isErased: false };
  expect(findConflict(row({ externalId: 'two' }), match, stored)?.field).toBe('externalId');
  expect(findConflict(row({ externalId: 'one' }), match, stored)).toBeNull();
  expect(findConflict(row({}), { ...match, customer: 'u1' }, { ...stored, isErased: true })?.field).toBe(
    'customer',
  );
});

it('an address is masked, and days are whole', () => {
  const read = (cells: Partial<MovingCells>) => parseMovingRow(2, { ...empty, ...cells }, new Date());
  expect(read({ email: 'anna@@x.example' }).problems).toMatchObject([
    { field: 'email', value: 'a•••@x•••.example' },
  ]);
  expect(read({ creditDays: '45.0', creditKey: 'k' }).row.creditDays).toBe(45);
  for (const creditDays of ['0', '-1', '1.5', '3651', '1e3'])
    expect(read({ creditDays, creditKey: 'k' }).problems).toMatchObject([{ field: 'creditDays' }]);
});
