import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

/** What this process has counted itself. What is read from the database when somebody asks: {@link Metrics}. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

/** Alerts by name, since this process began. Each is a log line, too, which says what about. */
export const alerts = new Counter({
  name: 'twofold_alerts_total',
  help: 'Things that somebody should look at, by name',
  labelNames: ['name'],
  registers: [registry],
});
