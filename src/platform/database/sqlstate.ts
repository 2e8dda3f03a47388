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

/**
 * What a transaction has read is no longer true: it runs again from its beginning, as after a
 * serialisation failure.
 */
export class LostRace extends Error {
  readonly code = '40001';
}

/**
 * Whether the transaction lost a race (serialisation, deadlock, lock timeout, a migration) and may
 * simply run again.
 */
export function isTransient(error: unknown): boolean {
  return transientStates.has(sqlStateOf(error) ?? '') || isStalePlan(error);
}

/**
 * No connection, no entry, no such database, no resources, an operator's intervention, a failing
 * machine.
 */
const unavailableClasses = new Set(['08', '28', '3D', '53', '57', '58']);

/**
 * Whether the database could not be reached, went away in the middle, or cannot commit at present.
 */
export function isUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error) ?? '';
  const message = error instanceof Error ? error.message : '';
  return (
    networkCodes.has(code) ||
    (code.length === 5 && unavailableClasses.has(code.slice(0, 2))) ||
    code === '25006' || // a server that takes no writes any more
    /Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  );
}

/**
 * Whether a statement was refused only because one before it in its transaction had failed, or
 * because what would have prepared it had come after such a failure.
 */
export function isRefusedAfterFailure(error: unknown): boolean {
  return sqlStateOf(error) === '25P02' || isUnknownStatement(error);
}

/**
 * Whether a migration has changed what a prepared statement answers, so that it must be prepared
 * again.
 */
export function isStalePlan(error: unknown): boolean {
  return error instanceof Error && /cached plan must not change result type/.test(error.message);
}

/** Whether the connection has no prepared statement of that name. */
export function isUnknownStatement(error: unknown): boolean {
  return sqlStateOf(error) === '26000';
}

/** Whether `error` is the violation of the constraint named `name`. */
export function violatesConstraint(error: unknown, name: string): boolean {
  return errorField(error, 'constraint') === name;
}

function sqlStateOf(error: unknown): string | undefined {
  return errorField(error, 'code');
}

/** TypeORM wraps the driver's error and copies its fields onto the wrapper. */
function errorField(error: unknown, field: 'code' | 'constraint'): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined;
  const value = (error as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}
