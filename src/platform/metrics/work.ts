import { Histogram } from 'prom-client';
import { registry } from './registry.js';

const buckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300];

const reactions = new Histogram({
  name: 'twofold_reaction_duration_seconds',
  help: 'How long reactions to events took, and how they ended',
  labelNames: ['event', 'reaction', 'result'],
  buckets,
  registers: [registry],
});
const tasks = new Histogram({
  name: 'twofold_task_duration_seconds',
  help: 'How long tasks that come round by the clock took, and how they ended',
  labelNames: ['task', 'result'],
  buckets,
  registers: [registry],
});

/** Runs a reaction, and notes how long it took and how it ended. Errors: its own. */
export function timedReaction(event: string, reaction: string, run: () => Promise<unknown>): Promise<void> {
  return timed(run, (result, seconds) => reactions.observe({ event, reaction, result }, seconds));
}

/** Runs a task, and notes how long it took and how it ended. Errors: its own. */
export function timedTask(task: string, run: () => Promise<unknown>): Promise<void> {
  return timed(run, (result, seconds) => tasks.observe({ task, result }, seconds));
}

async function timed(
  run: () => Promise<unknown>,
  observe: (result: 'done' | 'failed', seconds: number) => void,
): Promise<void> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / 1000;
  try {
    await run();
  } catch (error) {
    observe('failed', seconds());
    throw error;
  }
  observe('done', seconds());
}
