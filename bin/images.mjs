// npm run images: makes the pictures of docs/images again, from a server with generated people.
// Needs a Chromium: Debian's, or the one inside an npm package.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../test/support/browser.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs/images');
const dataDir = mkdtempSync(join(tmpdir(), 'twofold-images-'));
const admin = 'mira@example.org';
const now = new Date();

const port = await freePort();
const url = `http://localhost:${port}`;
const environment = {
  ...process.env,
  ...{ DATA_DIR: dataDir, PORT: String(port), BASE_URL: url, ADMIN_EMAILS: admin, LOG_LEVEL: 'fatal' },
};
mkdirSync(folder, { recursive: true });
const server = spawn(process.execPath, ['dist/main.js'], { cwd: root, env: environment, stdio: 'inherit' });
const browser = await startBrowser();
try {
  await ready();
  await run('bin/generate.mjs', '--users', '3000', '--until', now.toISOString().slice(0, 10));
  await makePictures();
} finally {
  await browser.close();
  server.kill();
  await new Promise((ended) => server.once('exit', ended));
  rmSync(dataDir, { recursive: true, force: true });
}

async function makePictures() {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await signIn(page, admin);
  await totalsStored(page);
  for (const [name, path] of [
    ['overview', '/admin'],
    ['statistics', '/admin/stats?days=90'],
    ['review', '/admin/review'],
  ])
    await capture(page, name, path);
  await page.goto(`${url}/admin/referrals?paid=yes`);
  await page.goto(
    `${url}${await page.locator('main a[href^="/admin/users/"]').first().getAttribute('href')}`,
  );
  await capture(page, 'user', null);
  await page.goto(`${url}/settings`);
  await capture(page, 'settings', null);
  await capture(page, 'invite', '/invite');
  const link = await page
    .goto(`${url}/invite`)
    .then(() => page.locator('[data-copy]').first().getAttribute('data-copy'));
  const code = new URL(link ?? url, url).pathname.split('/').at(-1);
  const picture = await page.request.get(`${url}/r/${code}/picture.png`);
  writeFileSync(join(folder, 'shared-link.png'), await picture.body());
  await captureEmails(page, code);
}

/** Emails about a friend who comes by a link, as a narrow mail reader shows them. */
async function captureEmails(page, code) {
  await chooseName(page, 'Mira');
  const friend = await (await browser.newContext()).newPage();
  await friend.goto(`${url}/r/${code}`);
  await signIn(friend, 'jonas@example.org');
  await chooseName(friend, 'Jonas');
  await page.setViewportSize({ width: 600, height: 200 });
  for (const [name, template] of [
    ['email-reward', 'creditedReferrer'],
    ['email-sign-in-code', 'signInCode'],
  ])
    await capture(page, name, `/dev/mail/examples/${template}/en`, { fullPage: true });
}

async function chooseName(page, name) {
  await page.goto(`${url}/settings`);
  await page.getByLabel('Display name').fill(name);
  await page.locator('#profile').getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/saved=profile/);
}

/** A task stores the totals of many people, at most a minute after there are so many. */
async function totalsStored(page) {
  const deadline = Date.now() + 150_000;
  for (;;) {
    await page.goto(`${url}/admin/stats?days=90`);
    if ((await page.locator('main svg').count()) > 0) return;
    if (Date.now() > deadline) throw new Error('The totals of the statistics were not stored');
    await page.waitForTimeout(2_000);
  }
}

async function capture(page, name, path, options = {}) {
  if (path !== null) await page.goto(`${url}${path}`);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', ...options });
  console.log(`docs/images/${name}.png`);
}

/** Signs a person up as they would, with the code from the captured email. */
async function signIn(page, email) {
  await page.goto(`${url}/login`);
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.waitForURL(/\/verify/);
  const mail = await page.context().newPage();
  let code;
  while (code === undefined) {
    await mail.goto(`${url}/dev/mail`);
    const own = mail.getByRole('listitem').filter({ hasText: email }).first();
    code = /\d{6}/.exec((await own.count()) === 0 ? '' : await own.innerText())?.[0];
  }
  await mail.close();
  await page.getByLabel('Six-digit code').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/settings/);
}

function run(script, ...words) {
  const child = spawn(process.execPath, [script, ...words], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
  });
  return new Promise((ended, failed) =>
    child.once('exit', (code) => (code === 0 ? ended() : failed(new Error(`${script} ended with ${code}`)))),
  );
}

async function ready() {
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (server.exitCode !== null) throw new Error('The server did not start');
    await new Promise((later) => setTimeout(later, 200));
  }
}

function freePort() {
  const probe = createServer();
  return new Promise((found) =>
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => found(free));
    }),
  );
}
