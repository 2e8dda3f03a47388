export { freePort } from './ensure-running.js';
export {
  useEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './use-embedded-postgres.js';
