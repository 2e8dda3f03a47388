import { afterAll, expect, it } from 'vitest';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bufferedOutput } from './log-output.js';

const directory = mkdtempSync(join(tmpdir(), 'twofold-log-'));
afterAll(() => rmSync(directory, { recursive: true }));

const nextTurn = () => new Promise((resume) => setImmediate(() => setImmediate(resume)));

it('writes the lines of one turn together, in their order', async () => {
  const path = join(directory, 'log');
  const log = bufferedOutput(openSync(path, 'w'));
  log.write('one\n');
  log.write('zwei ü\n');
  expect(readFileSync(path, 'utf8')).toBe('');
  await nextTurn();
  expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\n');
  log.write('three\n');
  await nextTurn();
  expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\nthree\n');
});

it('a disk that is full, and an output that is gone, stop nothing', async () => {
  const gone = openSync(join(directory, 'gone'), 'w');
  closeSync(gone);
  for (const file of [openSync('/dev/full', 'w'), gone]) {
    const log = bufferedOutput(file);
    log.write('one\n');
    await nextTurn();
    log.write('two\n');
    await nextTurn();
  }
});
