import { Injectable, Logger } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock.js';
import { getPool } from '../../database/data-source.js';
import { Database } from '../../database/database.js';
import { MetricSources, type GaugeSample, type MetricSource } from './metric-source.js';
import { registry } from './process-metrics.js';

interface CachedSamples {
  readAt: number;
  samples: Promise<GaugeSample[] | null>;
}

/**
 * Everything that this process reports to Prometheus: what it counted, and what it reads from the
 * database for each scrape.
 */
@Injectable()
export class Metrics {
  private readonly log = new Logger('metrics');
  private readonly cache = new Map<MetricSource, CachedSamples>();

  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
    private readonly sources: MetricSources,
    private readonly clock: Clock,
  ) {}

  /**
   * What the sources say, but for those named, as late as their caches are. Errors: none; what
   * cannot be read is left out.
   */
  async readSourcesExcept(names: readonly string[]): Promise<GaugeSample[]> {
    const samples: GaugeSample[] = [];
    for (const source of this.sources.all.filter(({ name }) => !names.includes(name)))
      samples.push(...((await this.readSource(source)) ?? []));
    return samples;
  }

  /**
   * The text that Prometheus reads. Errors: none; metrics that cannot be read are left out, and
   * `twofold_metrics_source_up` is 0.
   */
  async render(): Promise<string> {
    // one after the other: looking must not take the connections of those who work
    const samples: GaugeSample[] = poolMetrics(this.dataSource);
    for (const source of this.sources.all) {
      const read = await this.readSource(source);
      samples.push(...(read ?? []), {
        name: 'twofold_metrics_source_up',
        help: 'Whether the metrics of this source could be read from the database',
        labels: { source: source.name },
        value: read === null ? 0 : 1,
      });
    }
    return `${await registry.metrics()}\n${await renderGauges(samples)}`;
  }

  private readSource(source: MetricSource): Promise<GaugeSample[] | null> {
    const now = this.clock.now();
    const cached = this.cache.get(source);
    if (cached !== undefined && now.getTime() - cached.readAt < source.cacheMs) return cached.samples;
    const samples = source.read(this.database, now).catch((error: unknown) => {
      this.log.warn({ msg: 'metrics.source_failed', source: source.name, err: error });
      this.cache.delete(source); // asked again by the next one
      return null;
    });
    this.cache.set(source, { readAt: now.getTime(), samples });
    return samples;
  }
}

/** A registry for one answer: a label that is gone leaves nothing behind. */
function renderGauges(samples: readonly GaugeSample[]): Promise<string> {
  const gaugeRegistry = new Registry();
  const gauges = new Map<string, Gauge>();
  for (const { name, help, value, labels = {} } of samples) {
    const labelNames = Object.keys(labels);
    const gauge = gauges.get(name) ?? new Gauge({ name, help, labelNames, registers: [gaugeRegistry] });
    gauges.set(name, gauge);
    gauge.set(labels, value);
  }
  return gaugeRegistry.metrics();
}

/** How this process uses its connections. */
function poolMetrics(dataSource: DataSource): GaugeSample[] {
  const { totalCount, idleCount, waitingCount, options } = getPool(dataSource);
  const connections = {
    name: 'twofold_pool_connections',
    help: 'Connections of this process to PostgreSQL that are open',
  };
  return [
    { ...connections, labels: { state: 'busy' }, value: totalCount - idleCount },
    { ...connections, labels: { state: 'idle' }, value: idleCount },
    {
      name: 'twofold_pool_waiting',
      help: 'Requests of this process that wait for a connection',
      value: waitingCount,
    },
    {
      name: 'twofold_pool_limit',
      help: 'Connections that this process may open (DATABASE_POOL_MAX)',
      value: options.max ?? 0,
    },
  ];
}
