// Kills the primary under load, promotes its synchronous standby, and counts what was acknowledged
// and is gone.
import { parseArgs } from 'node:util';
import { prepareDatabase } from '../dist/prepare-database.js';
import { checkAcknowledged } from './check-acknowledged.mjs';
import { report } from './report.mjs';
import { App, Server, pause, workDirectory } from './servers.mjs';
import { Traffic } from './traffic.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '100' },
    before: { type: 'string', default: '8' },
    after: { type: 'string', default: '12' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run failover -- [--rate 100] [--before 8] [--after 12]
  Load at --rate requests a second; kill -9 of the primary after --before seconds, promotion of its synchronous standby one
  second later, --after seconds more. Exits with 1 when anything acknowledged is lost.`);
  process.exit(0);
}

const dir = workDirectory();
const primary = await Server.make(dir, 'primary');
const standby = await primary.standby(dir, 'standby');
await primary.start({ synchronous_standby_names: 'standby', synchronous_commit: 'on' });
await standby.start();
await prepareDatabase(primary.url);
const url = `postgres://twofold:reliability@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`;
const app = new App(dir, 'app', { DATABASE_URL: url });
try {
  await app.start();
  const traffic = new Traffic({ url: primary.url, portOf: () => app.port, pairs: 20_000 });
  await traffic.setUp();
  let over = false;
  const load = traffic.run(Number(values.rate), () => over);
  console.error(`Load of ${values.rate} requests a second begins`);
  await pause(Number(values.before) * 1000);
  const killedAt = performance.now() - traffic.startedAt;
  primary.kill();
  console.error('The primary is killed');
  await pause(1_000);
  await standby.promote();
  const promotedAt = performance.now() - traffic.startedAt;
  console.error('The standby is the primary now');
  await pause(Number(values.after) * 1000);
  over = true;
  await load;
  await traffic.redeliver();
  const firstAfter = traffic.successes.filter((at) => at > promotedAt).sort((a, b) => a - b)[0];
  const found = await checkAcknowledged(standby.url, traffic);
  report('failover', {
    requestsPerSecond: Number(values.rate),
    promotedAfterMs: Math.round(promotedAt - killedAt),
    firstAcknowledgedAfterPromotionMs: Math.round(firstAfter - promotedAt),
    withoutAcknowledgementMs: longestGap(traffic.successes, killedAt),
    ...traffic.counts,
    ...found,
  });
} finally {
  await app.stop();
  await standby.stop();
}

/** The longest time without an acknowledgement that covers the kill. */
function longestGap(successes, killedAt) {
  const before = Math.max(0, ...successes.filter((at) => at <= killedAt));
  const after = Math.min(...successes.filter((at) => at > killedAt + 200));
  return Math.round(after - before);
}
