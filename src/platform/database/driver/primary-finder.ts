import pg from 'pg';

/** One server of a database. */
export interface Host {
  host: string;
  port: number;
}

const urlPattern = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]+)(.*)$/;
/**
 * Whether the server behind a connection takes writes: it is no standby, and it is not closed for
 * writes.
 */
export const acceptsWritesSql = `(NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off')`;
/** One that does not respond is passed over: the others are asked at the same time. */
const probeTimeoutMs = 1_500;

/**
 * The servers that a database URL names, as libpq writes them
 * (`postgres://user@one:5432,two:5432/db`), and the URL of the first alone. Null when it is no such
 * URL.
 */
export function parseHosts(url: string): { first: string; hosts: Host[] } | null {
  const [, before, list, after] = urlPattern.exec(url) ?? [];
  if (before === undefined || list === undefined) return null;
  const names = list.split(',');
  const urls = names.map((name) => `${before}${name}${after}`);
  if (!urls.every((one) => URL.canParse(one))) return null;
  const hosts = urls.map((one) => {
    const { hostname, port } = new URL(one);
    return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || 5432) };
  });
  return { first: urls[0] ?? url, hosts };
}

/**
 * Which of several servers takes writes; found by asking, and remembered until it is said to be
 * lost.
 */
export class PrimaryFinder {
  private cached: Promise<Host> | null = null;

  constructor(
    private readonly hosts: readonly Host[],
    private readonly config: pg.ClientConfig,
  ) {}

  /** The server that takes writes. Errors: with code 08001 when none of them does. */
  find(): Promise<Host> {
    this.cached ??= this.probeAll().catch((error: unknown) => {
      this.cached = null;
      throw error;
    });
    return this.cached;
  }

  /** It was lost, or accepts no writes any more: the next caller asks again. */
  invalidate(): void {
    this.cached = null;
  }

  private async probeAll(): Promise<Host> {
    const answers = await Promise.all(this.hosts.map((host) => this.probe(host)));
    const found = this.hosts.find((_, index) => answers[index] === true);
    if (found !== undefined) return found;
    const names = this.hosts.map(({ host, port }, index) => `${host}:${port} ${answers[index]}`).join(', ');
    throw Object.assign(new Error(`No server accepts writes: ${names}`), { code: '08001' });
  }

  /** Whether a server takes writes, or why not. */
  private async probe({ host, port }: Host): Promise<true | string> {
    const client = new pg.Client({
      ...this.config,
      connectionTimeoutMillis: probeTimeoutMs,
      query_timeout: probeTimeoutMs,
    });
    Object.assign(client, { host, port }); // all else is as the URL says, TLS included
    client.on('error', () => undefined); // reported by the query
    try {
      await client.connect();
      const { rows } = await client.query<{ writes: boolean }>(`SELECT ${acceptsWritesSql} AS writes`);
      return rows[0]?.writes === true ? true : 'accepts no writes';
    } catch (error) {
      return error instanceof Error ? `does not respond (${error.message})` : 'does not respond';
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
