import { isStalePlan } from './preparing-client.js';

const transientStates = new Set(['40001', '40P01', '55P03']);
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Whether the transaction lost a race (serialisation, deadlock, lock timeout, a migration) and may simply run again. */
export function isTransient(error: unknown): boolean {
  return transientStates.has(sqlStateOf(error) ?? '') || isStalePlan(error);
}

/** Whether the database could not be reached, or went away or shut down in the middle. */
export function isUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error) ?? '';
  const message = error instanceof Error ? error.message : '';
  return (
    networkCodes.has(code) ||
    code.startsWith('08') ||
    code.startsWith('57') ||
    code === '53300' ||
    code === '25006' || // a server that takes no writes any more
    /Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  );
}

/** Whether `error` is the violation of the constraint named `name`. */
export function violates(error: unknown, name: string): boolean {
  return fieldOf(error, 'constraint') === name;
}

function sqlStateOf(error: unknown): string | undefined {
  return fieldOf(error, 'code');
}

/** TypeORM wraps the driver's error and copies its fields onto the wrapper. */
function fieldOf(error: unknown, field: 'code' | 'constraint'): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined;
  const value = (error as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}
