import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/embedded-postgres/index.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built application, as a process of its own. */
export interface AppProcess {
  url: string;
  /** All that it has said so far. */
  output(): string;
  /** SIGKILL: nothing gets to finish. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code it ends with. */
  terminate(): Promise<number | null>;
}

/**
 * Starts the built application and waits until it is ready. `environment` is its whole environment.
 */
export async function startProcess(environment: Record<string, string>): Promise<AppProcess> {
  const port = environment.PORT ?? String(await freePort());
  const env = {
    PATH: process.env.PATH ?? '',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    ...environment,
    PORT: port,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url, () => output);
  const exited = once(child, 'exit');
  return {
    url,
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    terminate: async () => {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

async function untilReady(child: ChildProcess, url: string, said: () => string): Promise<void> {
  const deadline = performance.now() + 240_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The application ended with ${child.exitCode}:\n${said()}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`The application was not ready within four minutes:\n${said()}`);
}
