import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const commandRunner = fileURLToPath(new URL('command-runner.mjs', import.meta.url));

/** How a command ended, and what it said. */
export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the built command line in a process that other commands use before and after it: loading the
 * application takes seconds. `environment` is its whole environment. A command that is asked for
 * while another one runs gets a process of its own.
 */
export async function runTwofold(
  environment: Record<string, string>,
  ...words: string[]
): Promise<CommandResult> {
  if (isBusy) return runTwofoldProcess(environment, ...words);
  isBusy = true;
  try {
    return await runInSharedProcess(environment, words);
  } finally {
    isBusy = false;
  }
}

/** Runs the built command line in a process of its own, as `npx twofold` does. */
export async function runTwofoldProcess(
  environment: Record<string, string>,
  ...words: string[]
): Promise<CommandResult> {
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const child = spawn(process.execPath, [cli, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => (output[stream] += chunk.toString('utf8')));
  await once(child, 'close');
  return { exitCode: child.exitCode, ...output };
}

let isBusy = false;
let sharedProcess: Promise<ChildProcess> | null = null;

async function runInSharedProcess(
  environment: Record<string, string>,
  words: string[],
): Promise<CommandResult> {
  const child = await (sharedProcess ??= startSharedProcess());
  return new Promise((resolve, reject) => {
    const onMessage = (result: CommandResult) => {
      child.off('exit', onExit);
      resolve(result);
    };
    const onExit = (exitCode: number | null) => {
      child.off('message', onMessage);
      reject(new Error(`"twofold ${words.join(' ')}" ended its process with ${exitCode}`));
    };
    child.once('message', onMessage).once('exit', onExit);
    child.send({ env: { PATH: process.env.PATH ?? '', ...environment }, words });
  });
}

async function startSharedProcess(): Promise<ChildProcess> {
  const child = fork(commandRunner, {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.once('exit', () => (sharedProcess = null));
  await once(child, 'message');
  child.unref(); // it ends with the process that runs the tests
  child.channel?.unref();
  return child;
}
