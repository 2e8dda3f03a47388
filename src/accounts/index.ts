export { AccessRevisions } from './access-revisions.js';
export { AccountsModule } from './accounts.module.js';
export { AccountErasure } from './account-erasure.js';
export { personalDataAnswer, AccountExport, StaffExport } from './account-export.js';
export { AccountMergeService } from './merge/account-merge.service.js';
export { PersonalDataOwner } from './personal-data.js';
export { MergeList } from './merge/merge-list.js';
export { MergeAccountSummaryDto, MergeDto, MergePageDto, MergePartyDto } from './merge/merge.dto.js';
export { undoWindowDays, type MergePlan, type MergeNotice } from './merge/merge-plan.js';
