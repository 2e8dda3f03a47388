import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JOB_QUEUE } from '../../src/platform/jobs/job-queue.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => void (world = await createWorld()));
afterAll(() => world.close());

it('the job queue stops while the data source is open, which is closed last', async () => {
  const dataSource = world.app.get(DataSource, { strict: false });
  let wasOpen: boolean | null = null;
  world.app.get(JOB_QUEUE, { strict: false }).on('stopped', () => (wasOpen = dataSource.isInitialized));
  await world.app.close();
  expect(wasOpen).toBe(true);
  expect(dataSource.isInitialized).toBe(false);
});
