export { IntegrityChecks } from './integrity-checks.js';
export { integrityMetrics, VerificationService } from './verification.service.js';
export { StoredTotalsVerifier } from './stored-totals-verifier.js';
export { RebuildService, type RebuildResult } from './rebuild.service.js';
export { VerificationsRepository, type RowCounts } from './verifications.repository.js';
