import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { handledEventTypes } from './stripe-event-types.js';

/** The events of a row: `.updated` has the subject of the one before it. */
function eventsOf(row: string): string[] {
  let subject = '';
  return [...row.matchAll(/`([a-z_.]+)`/g)].map(([, name = '']) => {
    if (!name.startsWith('.')) subject = name.slice(0, name.lastIndexOf('.'));
    return name.startsWith('.') ? subject + name : name;
  });
}

it('the documentation of the webhook endpoint lists the events that are handled, and no others', () => {
  const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('| about '), text.indexOf('Others may be sent'));
  expect(table.split('\n').flatMap(eventsOf).toSorted()).toEqual(handledEventTypes);
});
