export { useEmbeddedPostgres } from './use-embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './use-embedded-postgres.js';
