export { LifeModule } from './life.module.js';
export { AccountEnd } from './account-end.js';
export { AccountExport } from './account-export.js';
export { AccountMerges } from './account-merges.js';
export { AuditedExports } from './audited-exports.js';
export { KeptForPeople } from './kept-for-people.js';
export { LateClaims } from './late-claims.js';
export { MergeList, type MergedAccount, type MergeView } from './merge-list.js';
export { undoDays, type MergePlan, type SideView, type Statement } from './merge-preview.js';
