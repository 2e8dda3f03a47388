import { Injectable, Logger } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { FigureSources, type Figure, type FigureSource } from './figures.js';
import { poolFigures } from './pool-figures.js';
import { registry } from './registry.js';

interface Kept {
  readAt: number;
  figures: Promise<Figure[] | null>;
}

/** Everything that this process has to say to Prometheus: what it counted, and what it reads when somebody asks. */
@Injectable()
export class Metrics {
  private readonly log = new Logger('metrics');
  private readonly kept = new Map<FigureSource, Kept>();

  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
    private readonly sources: FigureSources,
    private readonly clock: Clock,
  ) {}

  /** The text that Prometheus reads. Errors: none; figures that cannot be read are left out, and `twofold_figures_up` is 0. */
  async text(): Promise<string> {
    // one after the other: looking must not take the connections of those who work
    const figures: Figure[] = poolFigures(this.dataSource);
    for (const source of this.sources.all) {
      const read = await this.figuresOf(source);
      figures.push(...(read ?? []), {
        name: 'twofold_figures_up',
        help: 'Whether the figures of this source could be read from the database',
        labels: { source: source.name },
        value: read === null ? 0 : 1,
      });
    }
    return `${await registry.metrics()}\n${await textOf(figures)}`;
  }

  private figuresOf(source: FigureSource): Promise<Figure[] | null> {
    const now = this.clock.now();
    const kept = this.kept.get(source);
    if (kept !== undefined && now.getTime() - kept.readAt < source.freshForMs) return kept.figures;
    const figures = source.read(this.database, now).catch((error: unknown) => {
      this.log.warn({ msg: 'metrics.source_failed', source: source.name, err: error });
      this.kept.delete(source); // asked again by the next one
      return null;
    });
    this.kept.set(source, { readAt: now.getTime(), figures });
    return figures;
  }
}

/** A registry for one answer: a label that is gone leaves nothing behind. */
function textOf(figures: readonly Figure[]): Promise<string> {
  const answer = new Registry();
  const gauges = new Map<string, Gauge>();
  for (const { name, help, value, labels = {} } of figures) {
    const labelNames = Object.keys(labels);
    const gauge = gauges.get(name) ?? new Gauge({ name, help, labelNames, registers: [answer] });
    gauges.set(name, gauge);
    gauge.set(labels, value);
  }
  return answer.metrics();
}
