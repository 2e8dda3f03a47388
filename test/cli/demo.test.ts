import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runTwofoldProcess } from './run-twofold.js';

const demoFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('twofold-demo-'));

it('the demo credits both once, says so without colours, and leaves nothing behind', async () => {
  const before = demoFolders();
  const { exitCode, stdout } = await runTwofoldProcess(
    { DATABASE_URL: 'postgres://127.0.0.1:9/not-touched' },
    'demo',
  );
  expect(stdout).toContain('Everything held.');
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('+45 days  referral_referrer');
  expect(stdout).toContain('+45 days  referral_referred');
  expect(demoFolders()).toEqual(before);
});
