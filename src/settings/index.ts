export { SettingsModule } from './settings.module.js';
export { BackupPersonalData } from './backup/backup.service.js';
export { CreditExpiryJob } from './credit/credit-expiry.job.js';
