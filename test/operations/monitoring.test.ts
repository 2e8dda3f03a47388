import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.js';
import { EventHandlers } from '../../src/platform/jobs/event-handler-worker.js';
import { VerificationService } from '../../src/integrity/verification.service.js';
import { createWorld, type World } from '../support/world.js';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const source = new URL('../../src/', import.meta.url);
const alertCalls = /\.alert\('([\w.]+)'|alertCounter\.inc\(\{ name: '([\w.]+)'/g;

interface Alert {
  name: string;
  expression: string;
  for: string;
  summary: string;
  runbook: string;
}

/** The rules as they stand in the file, which is laid out in one way. */
const alerts: Alert[] = file('docker/prometheus/alerts.yaml')
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((text) => {
    const field = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
    return {
      name: field(/^(\w+)/),
      expression: field(/expr: >-\n([\s\S]*?)\n {8}for:/),
      for: field(/for: (\S+)/),
      summary: field(/summary: (.+)/),
      runbook: field(/runbook: (\S+)/),
    };
  });

const dashboard = JSON.parse(file('docker/grafana/twofold.json')) as {
  panels: { type: string; title: string; targets?: { expr: string }[] }[];
};
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Metrics that an expression names; `up` is Prometheus' own. */
function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/\b(?:twofold|nodejs|process)_\w+/g)].map(([name]) => name);
}

let world: World;
let documentedMetrics: Set<string>;
let documentation: string;
beforeAll(async () => {
  world = await createWorld({ baseUrl: 'http://localhost:3000' });
  const { app, given, when } = world;
  await when.pays(await given.userInvitedBy(await given.user()));
  await app.get(VerificationService, { strict: false }).runAndRecord();
  await world.sql.query(
    `INSERT INTO billing.reconciliation_cursor (kind, compared_until) VALUES ('events', $1)`,
    [world.clock.now()],
  );
  const { payload } = await app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
  documentedMetrics = new Set(payload.split('\n').flatMap(metricNamesIn));
  documentation = file('docs/operations.md');
});
afterAll(() => world.close());

describe('every alert', () => {
  it('every alert is one of several', () => expect(alerts.length).toBeGreaterThan(10));

  it.each(alerts)(
    'every alert $name asks only for what is reported, says what it means, and where to read on',
    (alert) => {
      const names = metricsIn(alert.expression);
      expect(names.length > 0 || alert.expression.includes('up{')).toBe(true);
      for (const name of names) expect(describeKnownNames(name)).toContain(name);
      expect(alert.for).toMatch(/^\d+[mh]$/);
      expect(alert.summary.length).toBeGreaterThan(15);
      const [path = '', anchor = ''] = alert.runbook.split('#');
      expect(path).toBe('docs/operations.md');
      expect(anchorsOf(documentation)).toContain(anchor);
    },
  );
});

describe('the dashboard', () => {
  it('the dashboard asks only for what is reported', () => {
    expect(shown.length).toBeGreaterThan(15);
    for (const name of shown.flatMap(metricsIn)) expect(describeKnownNames(name)).toContain(name);
  });
});

describe('the documentation', () => {
  it('the documentation names every metric, and no other', () => {
    const ours = [...documentedMetrics].filter((name) => name.startsWith('twofold_')).map(baseMetricName);
    const named = [...documentation.matchAll(/`(twofold_\w+)/g)].map(([, name]) => name ?? '');
    expect([...new Set(named.map(baseMetricName))].sort()).toEqual([...new Set(ours)].sort());
  });

  it('the documentation names every command', () => {
    const commands = commandsOf(buildProgram({}, () => undefined));
    expect(commands.length).toBeGreaterThan(20);
    for (const command of commands)
      expect(file('docs/cli.md')).toMatch(new RegExp(`(npx twofold|npm run) ${command}\\b`));
  });

  it('the documentation names every alert of the log, and every task', () => {
    const tasks = Object.keys(world.app.get(EventHandlers, { strict: false }).tasks);
    const raised = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(new URL(name, source), 'utf8').matchAll(alertCalls)])
      .map(([, logged, counted]) => logged ?? counted ?? '');
    expect(raised.length).toBeGreaterThan(5);
    for (const name of [...tasks, ...raised]) expect(documentation).toContain(`\`${name}\``);
  });
});

/**
 * The names that a line of the answer stands for: a histogram has three, also before it has counted
 * anything.
 */
function metricNamesIn(line: string): string[] {
  const [, declared = '', kind = ''] = /^# TYPE (\w+) (\w+)/.exec(line) ?? [];
  if (kind === 'histogram') return ['bucket', 'sum', 'count'].map((part) => `${declared}_${part}`);
  const [, name] = /^(\w+)[ {]/.exec(line) ?? [];
  return [declared, name ?? ''].filter((one) => one !== '');
}

/** The commands that do something, with the words before them. */
function commandsOf(command: Command, before = ''): string[] {
  return command.commands.flatMap((one) =>
    one.commands.length === 0 ? `${before}${one.name()}` : commandsOf(one, `${before}${one.name()} `),
  );
}

/** A histogram is reported under three names. */
function baseMetricName(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}

/** Explains a failure: the names that there are, where one is missing. */
function describeKnownNames(name: string): string[] {
  return documentedMetrics.has(name) ? [name] : [...documentedMetrics];
}

/** The anchors of headings, as GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  );
}
