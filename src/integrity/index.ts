export { IntegrityChecks } from './integrity-checks.js';
export { integrityMetrics } from './integrity-metrics.js';
export { RebuildService, type RebuildResult } from './rebuild.service.js';
export { VerificationService, type RowCounts } from './verification.service.js';
