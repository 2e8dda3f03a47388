/** The embedded PostgreSQL cannot be had; `message` says why and what to do about it. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

/**
 * The `code` of a failed system or SQL call (`ENOENT`, `3D000`), or null when `error` carries none.
 */
export function errorCode(error: unknown): string | null {
  // No instanceof: an error may come from another realm, as under a test runner.
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
