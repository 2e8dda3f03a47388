import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { version } from '../version.js';

/** What this process has counted itself. What is read from the database when somebody asks: {@link Metrics}. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

new Gauge({
  name: 'twofold_build_info',
  help: 'Always 1; its label names the release that this process runs',
  labelNames: ['version'],
  registers: [registry],
}).set({ version }, 1);

/** Alerts by name, since this process began. Each is a log line, too, which says what about. */
export const alerts = new Counter({
  name: 'twofold_alerts_total',
  help: 'Things that somebody should look at, by name',
  labelNames: ['name'],
  registers: [registry],
});
