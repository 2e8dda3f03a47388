export { AccountsModule } from './accounts.module.js';
export { AccountErasure } from './erasure/account-erasure.js';
export { AccountExport, StaffExport } from './export/account-export.js';
export { AccountMergeService } from './merge/account-merge.service.js';
export { PersonalDataOwner } from './personal-data-owner.js';
export { MergeList, type MergeParty, type MergeDto } from './merge/merge-list.js';
export {
  undoWindowDays,
  type MergePlan,
  type MergeAccountSummary,
  type MergeNotice,
} from './merge/merge-plan.js';
