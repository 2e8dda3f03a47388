export { SettingsModule } from './settings.module.js';
export { OwnRecords } from './own-records.js';
export { CreditEnds } from './credit-ends.js';
