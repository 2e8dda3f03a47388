import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../docs/decisions');
const files = readdirSync(folder).filter((file) => file !== 'README.md');
const read = (file: string) => readFileSync(resolve(folder, file), 'utf8');

describe('the decision records', () => {
  it('they have one numbering, without gaps', () => {
    expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  });

  it.each(files)('%s has its number, a title and a status', (file) => {
    const [title, , status] = read(file).split('\n');
    expect(title).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. \\S`));
    expect(status).toMatch(/^Status: (accepted|superseded by \[\d+\]\([\w.-]+\))(; .+)?\.$/);
  });

  it.each(files)('%s links decisions that exist, and those that it replaces link back', (file) => {
    const links = (text: string) => [...text.matchAll(/\]\((\d{4}-[^)#]+)/g)].map(([, link = '']) => link);
    const missing = links(read(file)).filter((link) => !existsSync(resolve(folder, link)));
    expect(missing).toEqual([]);
    const [, , status = ''] = read(file).split('\n');
    for (const link of links(status)) expect(read(link)).toContain(`](${file})`);
  });
});
