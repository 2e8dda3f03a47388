export { AdminModule } from './admin.module.js';
export { AdminNav } from './pages/admin-components.js';
export { TermsQueries } from './terms/terms-queries.js';
export { toMergePreviewDto } from './merges/merge.dto.js';
export { TermsPreviewService, toTermsPreviewDto, type TermsPreview } from './terms/terms-preview.service.js';
export { toTermsChangeDto, toTermsDraftDto, type TermsVersionDto } from './terms/terms-response.dto.js';
export type { BucketSize } from './stats/period.js';
export { ProgrammeStats } from './stats/programme-stats.js';
export type { StatsDto, WorthDto } from './stats/stats.dto.js';
