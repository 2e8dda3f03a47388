import { readFileSync } from 'node:fs';
import type { VariableName } from './variables.js';

/** The variables that hold secrets. Each may name a file instead, as `<NAME>_FILE`. */
export const secretVariables = [
  'DATABASE_READ_URL',
  'DATABASE_URL',
  'LEMON_SQUEEZY_WEBHOOK_SECRET',
  'METRICS_TOKEN',
  'PADDLE_WEBHOOK_SECRET',
  'SECRET_KEY',
  'SECRET_KEY_RETIRED',
  'SMTP_URL',
  'SSO_SECRET',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
] as const satisfies VariableName[];

/**
 * The environment with what the files of secrets hold, trimmed. A list may stand on several lines.
 * Shape: `problems` name variables and files, and never repeat what a file holds.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv; problems: string[] } {
  const read: NodeJS.ProcessEnv = { ...env };
  const problems: string[] = [];
  for (const name of secretVariables) {
    const file = env[`${name}_FILE`]?.trim();
    if (!file) continue;
    if (env[name]?.trim()) {
      problems.push(`${name}: set twice, also as ${name}_FILE; unset one of them`);
      continue;
    }
    try {
      const text = readFileSync(file, 'utf8')
        .trim()
        .split(/\s*\n\s*/)
        .join(',');
      if (text === '') problems.push(`${name}_FILE: ${file} is empty`);
      read[name] = text;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
      problems.push(`${name}_FILE: ${file} cannot be read (${why}); name a file that this process may read`);
    }
  }
  return { env: read, problems };
}
