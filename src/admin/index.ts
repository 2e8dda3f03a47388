export { AdminModule } from './admin.module.js';
export { TermsFiles } from './programme/terms-files.js';
export { TermsPreviews, type TermsPreview } from './programme/terms-preview.js';
export { changeView, draftView, previewView, type TermsView } from './programme/terms-views.js';
export { bucketSizes, type BucketSize } from './stats/period.js';
export { ProgrammeStats } from './stats/programme-stats.js';
export type { Stats, Worth } from './stats/figures.js';
